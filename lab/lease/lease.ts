/**
 * A lease on "one node of this cluster is being taken down", so that two operators or two automations never take two at once.
 *
 * Where. On the own disk (/var/lib/healproof) of every member of the glusterd pool, and it counts when a majority of the pool says so.
 * - Not on the volume: in the very situation that a lease is for, its copies may disagree, and writing to it would add to what has to heal.
 * - Not in /run: a node forgets it by rebooting, which is what the lease is about; two nodes that forgot would be a majority for somebody.
 * - Not in Proxmox's /etc/pve: that is one store for all only while these very nodes are one cluster with quorum. Alone, a node's is its
 *   own; without quorum it is an old copy that can't be written. Whoever sees it so would have to look elsewhere than whoever saw it well,
 *   and in two places there can be two leases. The pool is what every node of a GlusterFS cluster has, and its majorities always meet.
 *
 * Why it is safe.
 * - Two at the same moment: each node decides under a lock, and any two majorities share a node. When neither gets a majority both give
 *   back what they got, and are told. A member is known by its UUID: a second name or a machine without glusterd adds no vote.
 * - A lease of somebody else that is fresh on any one node is respected by whoever comes new: it may be all that was left of a majority.
 * - A holder that crashed: its lease ends by its time to live, counted by the node that keeps it.
 * - Clocks: the clock that wrote is the clock that judges (within one boot the one that never jumps), so clocks of different machines are
 *   never compared. A clock that jumps forward ends the lease early on that node alone.
 * - A node that is away: the others are a majority. It may come back with an old lease (expired by its own count, a reboot included,
 *   since the file stays) or without; the next heartbeat writes it there. When no majority answers, nobody gets a lease, and as long as
 *   those that did not answer could make a majority with one that has it, nobody is told that it is free.
 * - A holder that sleeps for longer than the time to live has lost the lease, and is told at its next heartbeat: it counts by its own
 *   clock from before it asked. A lease is an agreement among those who ask; it can't hold back a reboot by somebody who does not.
 * - Processes with the same owner's name are one owner. Who comes second renews the first one's lease, and does not give it back; a gate
 *   that opens makes it its own, so that no other gate gives it back either.
 */
import { randomUUID } from 'node:crypto';
import { node } from '../../harness/index.ts';
import type { LeaseFacts, NodeName, Seen, Shell } from '../../harness/index.ts';
import { realClock } from '../clock.ts';
import type { Command } from '../gluster/commands.ts';
import { lineLimitMs, sectionLine, sectionText, splitSections } from '../gluster/sections.ts';
import { notSeen, read } from '../gluster/seen.ts';
import { poolOf, quorate } from './pool.ts';
import type { Answer as AnswerOf, Membership, Pool } from './pool.ts';
import { KEEP, RELEASE, RENEW, SHOW, TAKE } from './script.ts';

export interface Lease {
  readonly owner: string;
  /** The node that may be taken down. */
  readonly node: NodeName;
  readonly token: string;
  readonly ttlSeconds: number;
  /** Since it was taken or renewed. */
  readonly ageSeconds: number;
}

/** What one node said. */
interface Said extends Membership {
  readonly said: string | undefined;
  readonly lease: Lease | undefined;
}

type Answer = AnswerOf<Said>;

/** `uncounted`: whoever was named and did not answer, or does not count, and why. */
export type Outcome =
  | {
      readonly kind: 'taken';
      readonly lease: Lease;
      /** The nodes that keep it. */
      readonly on: readonly NodeName[];
      /** The same owner had it already, so it is not the asker's alone to give back. */
      readonly renewed?: true;
      readonly uncounted: readonly string[];
    }
  | { readonly kind: 'held'; readonly by: Lease }
  | { readonly kind: 'free'; readonly uncounted: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };

export interface Wish {
  readonly owner: string;
  readonly node: NodeName;
  readonly ttlSeconds: number;
  readonly token: string;
}

export const newToken = (): string => randomUUID();

/** Asks for the lease. Whatever is granted in vain is given back; what the same owner had before is not. */
export async function takeLease(shells: readonly Shell[], wish: Wish): Promise<Outcome> {
  const looked = await look(shells);
  const pool = quorate(looked.pool);
  if (!pool.seen) return { kind: 'unknown', because: pool.because };
  const said = await tell(looked.members, TAKE, wish);
  const answers = await settled(pool, looked.members, said, wish);
  const outcome = judged(pool, answers, 'all');
  if (outcome.kind !== 'taken') await giveBack(looked.members, answers, wish);
  return outcome;
}

/** Also where no answer came back, since it may have been written. A token of an earlier lease is another one, and stays. */
async function giveBack(members: readonly Shell[], answers: readonly Answer[], wish: Wish): Promise<void> {
  const notOurs = new Set(
    answers.flatMap(({ from, said }) => (said.seen && said.said !== 'granted' ? [from] : [])),
  );
  await tell(
    members.filter((shell) => !notOurs.has(shell.node)),
    RELEASE,
    wish,
  );
}

/** The same wish again. A majority is enough, since it was had before. */
const heartbeat =
  (command: Command) =>
  async (shells: readonly Shell[], wish: Wish, withinMs = Number.POSITIVE_INFINITY): Promise<Outcome> => {
    const endsAt = performance.now() + withinMs;
    const { pool, members } = await look(shells, endsAt);
    if (!pool.seen) return { kind: 'unknown', because: pool.because };
    return judged(pool, await tell(members, command, wish, endsAt), 'majority');
  };

export const renewLease = heartbeat(RENEW);

/** The last one, of who goes to act: from now on no other process of the same owner gives the lease back by ending. */
export const keepLease = heartbeat(KEEP);

const TRIES = 4;
const BETWEEN_MS = 500;

/** Who loses a race gives back within a moment: a minority that names somebody else is asked again before it is believed. */
async function settled(pool: Pool, members: readonly Shell[], first: readonly Answer[], wish: Wish) {
  let answers = first;
  for (let tried = 0; tried < TRIES && kept(answers).length >= pool.need; tried += 1) {
    const against = answers.filter(({ said }) => said.seen && said.said === 'held').map(({ from }) => from);
    if (against.length === 0) break;
    await realClock.pause(BETWEEN_MS);
    const asked = members.filter((shell) => against.includes(shell.node));
    const anew = await tell(asked, TAKE, wish);
    answers = answers.map((one) => anew.find(({ from }) => from === one.from) ?? one);
  }
  return answers;
}

interface Kept {
  readonly from: NodeName;
  readonly lease: Lease;
  readonly renewed: boolean;
}

const kept = (answers: readonly Answer[]): readonly Kept[] =>
  answers.flatMap(({ from, said }) =>
    said.seen && said.lease !== undefined && (said.said === 'granted' || said.said === 'renewed')
      ? [{ from, lease: said.lease, renewed: said.said === 'renewed' }]
      : [],
  );

const heldBy = (answers: readonly Answer[]): Lease | undefined =>
  answers.flatMap(({ said }) =>
    said.seen && said.said === 'held' && said.lease !== undefined ? [said.lease] : [],
  )[0];

const leftOf = ({ ttlSeconds, ageSeconds }: Lease): number => ttlSeconds - ageSeconds;

function judged(pool: Pool, answers: readonly Answer[], who: 'all' | 'majority'): Outcome {
  const on = kept(answers);
  const other = heldBy(answers);
  // The one that ends first is all that may be promised.
  const lease = on.map((one) => one.lease).toSorted((a, b) => leftOf(a) - leftOf(b))[0];
  if (lease !== undefined && on.length >= pool.need && (who === 'majority' || other === undefined)) {
    const renewed = on.some((one) => one.renewed) ? ({ renewed: true } as const) : {};
    return { kind: 'taken', lease, on: on.map(({ from }) => from), ...renewed, uncounted: pool.uncounted };
  }
  if (other !== undefined) return { kind: 'held', by: other };
  const answered = quorate(answering(pool, answers));
  return {
    kind: 'unknown',
    because: answered.seen ? 'somebody else was at it at the same moment; try again' : answered.because,
  };
}

/** The pool as the second question found it: who was there at the first may be away by now. */
function answering(pool: Pool, answers: readonly Answer[]): Seen<Pool> {
  const silent = answers.flatMap(({ from, said }) => (said.seen ? [] : [`${from}: ${said.because}`]));
  const members = answers.flatMap(({ from, said }) => (said.seen ? [from] : []));
  return { seen: true, ...pool, members, uncounted: [...pool.uncounted, ...silent] };
}

/** Gives it back. With `owner` only theirs is meant; `force` takes anybody's away. */
export async function releaseLease(
  shells: readonly Shell[],
  which: { readonly token: string } | { readonly owner: string } | 'force',
): Promise<Outcome> {
  const { pool, members } = await look(shells);
  if (!pool.seen) return { kind: 'unknown', because: pool.because };
  const answers = await tell(members, RELEASE, {
    owner: which !== 'force' && 'owner' in which ? which.owner : '',
    node: node(''),
    ttlSeconds: 0,
    token: which === 'force' ? 'force' : 'token' in which ? which.token : 'any',
  });
  const other = heldBy(answers);
  if (other !== undefined) return { kind: 'held', by: other };
  const answered = quorate(answering(pool, answers));
  if (answered.seen) return { kind: 'free', uncounted: answered.uncounted };
  return { kind: 'unknown', because: `the others may still keep it: ${answered.because}` };
}

/** Reads only. An expired lease is nobody's. Free is what no majority can have, whatever those say that did not answer. */
export async function showLease(shells: readonly Shell[]): Promise<Outcome> {
  const looked = await look(shells);
  const pool = quorate(looked.pool);
  if (!pool.seen) return { kind: 'unknown', because: pool.because };
  const fresh = looked.answers.flatMap(({ from, said }) =>
    said.seen && said.lease !== undefined && leftOf(said.lease) > 0 ? [{ from, lease: said.lease }] : [],
  );
  // Whoever looks at another's lease must wait for the last of it.
  const last = fresh.toSorted((a, b) => leftOf(b.lease) - leftOf(a.lease));
  for (const { lease } of last) {
    const on = keepersOf(lease, fresh);
    if (on.length >= pool.need) return { kind: 'taken', lease, on, uncounted: pool.uncounted };
  }
  const [one] = last;
  if (one === undefined) return { kind: 'free', uncounted: pool.uncounted };
  return { kind: 'unknown', because: inPart(one.lease, fresh, pool) };
}

type Fresh = Pick<Kept, 'from' | 'lease'>;

const keepersOf = ({ owner, node: name }: Lease, fresh: readonly Fresh[]): readonly NodeName[] =>
  fresh.filter(({ lease }) => lease.owner === owner && lease.node === name).map(({ from }) => from);

function inPart(lease: Lease, fresh: readonly Fresh[], pool: Pool): string {
  const on = keepersOf(lease, fresh);
  const away = pool.size - pool.members.length;
  const rest =
    on.length + away >= pool.need
      ? `${away} did not answer and may keep it too (${pool.uncounted.join('; ') || 'name every node of the pool'})`
      : 'somebody is just taking it or giving it back, or gave it back while a node was away';
  return `${lease.owner}’s lease for ${lease.node} is on ${on.join(', ')} of ${pool.size} nodes, for another ${Math.ceil(leftOf(lease))} s: ${rest}`;
}

/** The lease as a gate's fact. Processes with the same owner's name are one owner. */
export async function leaseFacts(shells: readonly Shell[], asking: string): Promise<Seen<LeaseFacts>> {
  const shown = await showLease(shells);
  if (shown.kind === 'unknown') return notSeen(shown.because);
  if (shown.kind !== 'taken') return { seen: true, holder: undefined };
  const { owner, node: on } = shown.lease;
  const expiresAtMs = Date.now() + leftOf(shown.lease) * 1000;
  return { seen: true, holder: { owner, node: on, expiresAtMs, own: owner === asking } };
}

interface Look {
  readonly pool: Seen<Pool>;
  /** Those that answered and count, one shell each. Nobody else is asked to write: who just did not answer would cost its time-out twice. */
  readonly members: readonly Shell[];
  readonly answers: readonly Answer[];
}

async function look(shells: readonly Shell[], endsAt?: number): Promise<Look> {
  const said = await Promise.all(shells.map((shell) => askOne(shell, SHOW, {}, endsAt)));
  const pool = poolOf(said);
  const counts = (name: NodeName): boolean => pool.seen && pool.members.includes(name);
  return {
    pool,
    members: shells.filter((shell) => counts(shell.node)),
    answers: said.filter(({ from }) => counts(from)),
  };
}

const tell = (members: readonly Shell[], command: Command, wish: Wish, endsAt?: number) =>
  Promise.all(members.map((shell) => askOne(shell, command, variablesOf(wish), endsAt)));

async function askOne(
  shell: Shell,
  command: Command,
  variables: Readonly<Record<string, string>>,
  endsAt = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  const outcome = await shell.run(sectionLine([command], randomUUID(), variables), {
    limitMs: Math.max(1, Math.min(lineLimitMs([command]), endsAt - performance.now())),
  });
  const printed = outcome.kind === 'cut-off' ? { stdout: '', stderr: '' } : outcome;
  const nonce = /^#(\S+) begin/m.exec(printed.stdout)?.[1] ?? '';
  const sections = splitSections(nonce, printed.stdout, printed.stderr);
  return { from: shell.node, said: read(sectionText(outcome, sections, command), parse) };
}

const variablesOf = ({ owner, node: name, ttlSeconds, token }: Wish) => ({
  HOLDER: encode(owner),
  NODE: name,
  TOKEN: token,
  TTL: String(Math.ceil(ttlSeconds)),
});

/** Owners are free text; in the file and on the line they are one word. */
const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

function parse(text: string): Said {
  const fields = new Map(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const),
  );
  const { uuid, peers, said, token, ttl, age, holder, node: name } = Object.fromEntries(fields);
  if (uuid === undefined || peers === undefined) throw new Error('the node did not say of which pool it is');
  const lease =
    token === undefined || ttl === undefined || age === undefined
      ? undefined
      : {
          owner: decode(holder ?? ''),
          node: node(name ?? ''),
          token,
          ttlSeconds: Number(ttl),
          ageSeconds: Number(age),
        };
  if (lease === undefined && fields.get('lease') !== 'none') throw new Error('its lease file can’t be read');
  return { uuid, peers: peers.split(' ').filter((one) => one !== ''), said, lease };
}
