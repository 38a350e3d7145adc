/** The disturbance really happened. What was not disturbed proves nothing, however well it went. Never `broken`: it only doubts. */
import type { Event, EventOf, History } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import type { NodeName } from '../model/names.ts';
import { rebootsOf } from './reboots.ts';
import { Samples } from './samples.ts';
import { many, moment } from './say.ts';

/** Something that must have happened during the play, or the story was another one. */
export interface Expected {
  readonly what: string;
  readonly is: (event: Event) => boolean;
  readonly atLeast?: number;
}

export interface TookHold {
  readonly expects?: readonly Expected[];
}

/** Of a procedure that takes every node in turn: one that stops half-way leaves a quiet night behind, and proves nothing. */
export const eachGoesDown = (nodes: readonly NodeName[]): TookHold => ({
  expects: nodes.map((node) => ({
    what: `${node} goes down`,
    is: (event) => event.kind === 'node' && event.node === node && event.state === 'down',
  })),
});

export function faultsTookHold({ expects = [] }: TookHold = {}): Oracle {
  return {
    name: 'faults-took-hold',
    aspect: 'harness',
    means:
      'Every reboot and every fault has a receipt from somebody else, and what the scenario is about did happen during the play' +
      (expects.length === 0 ? '' : `: ${expects.map(({ what }) => what).join(', ')}`),
    evidence: 'none: what has no receipt, or did not happen, is named and makes the run `unknown`',
    check: (history) => check(history, expects),
  };
}

interface Receipts {
  readonly given: Map<number, EventOf<'receipt'>[]>;
  readonly refused: Map<number, EventOf<'no-receipt'>[]>;
}

function check(history: History, expects: readonly Expected[]): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const receipts: Receipts = { given: new Map(), refused: new Map() };
  const faults = new Map<number, { readonly began: EventOf<'fault-began'>; ended: boolean }>();
  const happened = expects.map(() => 0);
  for (const event of history) {
    if (event.kind === 'receipt') push(receipts.given, event.of, event);
    else if (event.kind === 'no-receipt') push(receipts.refused, event.of, event);
    else if (event.kind === 'fault-began') faults.set(event.seq, { began: event, ended: false });
    else if (event.kind === 'fault-ended') {
      const fault = faults.get(event.of);
      if (fault !== undefined) fault.ended = true;
    }
    if (isIn(frame, event.atMs))
      expects.forEach((each, i) => {
        if (each.is(event)) happened[i] = (happened[i] ?? 0) + 1;
      });
  }
  for (const { began, ended } of faults.values()) {
    doubtReceipts(began.seq, `${began.fault} on ${began.target}`, began.target, receipts, found);
    if (!ended) found.doubt(`${began.fault} on ${began.target} was never ended`);
  }
  const reboots = judgeReboots(history, frame, receipts, found);
  expects.forEach(({ what, atLeast = 1 }, i) => {
    const times = happened[i] ?? 0;
    if (times < atLeast) found.doubt(`expected during the play: ${what} (${times} of ${atLeast})`);
  });
  if (reboots + faults.size === 0) found.doubt('nothing was disturbed: no reboot and no fault');
  return found.conclude(frame, {
    broken: () => 'never',
    holds: () =>
      `${many(reboots, 'reboot')} and ${many(faults.size, 'fault')} took effect, each seen by somebody else`,
    looked: reboots + faults.size,
  });
}

function push<T>(map: Map<number, T[]>, key: number, value: T): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

const isIn = ({ disturb }: Frame, atMs: number): boolean =>
  disturb !== undefined && atMs >= disturb.fromMs && atMs <= disturb.toMs;

function doubtReceipts(seq: number, what: string, target: string, receipts: Receipts, found: Case): void {
  const given = receipts.given.get(seq) ?? [];
  for (const { expected, because } of receipts.refused.get(seq) ?? [])
    found.doubt(`${what}: no receipt for "${expected}": ${because}`);
  if (given.length === 0) found.doubt(`nobody saw that ${what} took effect`);
  else if (given.every(({ receipt }) => isItself(receipt.seenBy, target)))
    found.doubt(`only ${target} itself says that ${what} took effect`);
}

/** `pve1` and `pve1 itself`, but not `the client on pve2` nor `pve12`. */
const isItself = (seenBy: string, target: string): boolean =>
  seenBy === target || seenBy.startsWith(`${target} `);

/** Boot ids of one node: samples whose state is an index into the ids that were seen. */
interface Boots {
  readonly ids: string[];
  readonly samples: Samples;
}

function bootsOf(history: History): ReadonlyMap<NodeName, Boots> {
  const boots = new Map<NodeName, Boots>();
  for (const event of history) {
    if (event.kind !== 'node' || event.bootId === undefined) continue;
    let of = boots.get(event.node);
    if (of === undefined) boots.set(event.node, (of = { ids: [], samples: new Samples() }));
    if (of.ids.at(-1) !== event.bootId) of.ids.push(event.bootId);
    of.samples.push(event.atMs, of.ids.length - 1, event.seq);
  }
  return boots;
}

/** The reboots that the history can vouch for. */
function judgeReboots(history: History, frame: Frame, receipts: Receipts, found: Case): number {
  const reboots = frame.disturb === undefined ? [] : rebootsOf(history, frame.disturb);
  const boots = bootsOf(history);
  const next = new Map<NodeName, number>();
  for (const { node, seq, atMs, step, ended } of reboots.toReversed()) {
    const until = next.get(node) ?? Infinity;
    next.set(node, atMs);
    // A node that the machine room saw go without any step has its receipt in that.
    if (step === undefined) continue;
    const what = `the reboot of ${node} ${moment(atMs)}`;
    doubtReceipts(seq, what, node, receipts, found);
    if (ended === undefined) found.doubt(`${what} never ended`);
    const of = boots.get(node);
    const before = of?.samples.before(atMs);
    const after = of?.samples.before(until - 1);
    if (of === undefined || before === undefined || after === undefined || after.atMs <= atMs)
      found.doubt(`${what} shows no boot id before and after`);
    else if (of.ids[before.state] === of.ids[after.state]) found.doubt(`${what} left the boot id as it was`);
  }
  return reboots.length;
}
