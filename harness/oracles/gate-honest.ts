/**
 * No node goes down while another one still needs it: no heal pending, no sole good copy on it, no other node away.
 * Judged from what the bricks showed at that moment, whatever a gate said.
 */
import type { EventOf, History } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { bricksOf } from '../model/site.ts';
import type { Verdict } from '../model/verdict.ts';
import { backlogs, pendingAt } from './backlog.ts';
import type { Counts } from './backlog.ts';
import { Case, evidence } from './conclude.ts';
import { blamesOf, viewOf } from './copies.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { nodeStates, rebootsOf, UP } from './reboots.ts';
import type { Reboot } from './reboots.ts';
import { Samples } from './samples.ts';
import { list, many, moment, seconds } from './say.ts';

export interface GateLimits {
  /** A count of the backlog that is older says nothing about the moment of the reboot. */
  readonly countSeconds?: number;
  /** The same for a snapshot of the bricks. */
  readonly lookSeconds?: number;
}

export function gateHonest({ countSeconds = 3, lookSeconds = 30 }: GateLimits = {}): Oracle {
  return {
    name: 'gate-honest',
    aspect: 'procedure',
    means:
      "No node is rebooted while a heal is pending, while another brick is away and misses writes, or while it holds a file's only good copy",
    evidence:
      'the reboot, what was pending on which brick with the counts before and after; what the gate had said',
    check: (history) => check(history, countSeconds * 1000, lookSeconds * 1000),
  };
}

function check(history: History, ageMs: number, lookMs: number): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const reboots = frame.disturb === undefined ? [] : rebootsOf(history, frame.disturb);
  if (reboots.length === 0) found.doubt('no node was rebooted');
  const site = siteOf(history, frame);
  for (const reboot of reboots) {
    const sinceMs = lastReturn(site, reboot);
    judgeAway(site, reboot, found);
    const quiet = judgeBacklog(site, reboot, { sinceMs, ageMs }, found);
    if (!quiet) judgeSoleCopy(site, reboot, Math.max(sinceMs, reboot.atMs - lookMs), found);
  }
  return found.conclude(frame, {
    broken: () => `a node went down while others needed it: ${found.summary()}`,
    holds: () => `nothing was pending on any brick at any of ${many(reboots.length, 'reboot')}`,
    looked: reboots.length,
  });
}

interface Connection {
  readonly brick: BrickId;
  readonly seenBy: NodeName;
  readonly states: Samples;
}

interface Site {
  readonly frame: Frame;
  readonly bricks: readonly BrickId[];
  readonly nodes: ReadonlyMap<NodeName, Samples>;
  /** State 1: connected. */
  readonly connections: readonly Connection[];
  readonly backlogs: ReadonlyMap<BrickId, Counts>;
  readonly acknowledged: Samples;
  readonly looks: readonly EventOf<'observed'>[];
  readonly gates: readonly EventOf<'gate'>[];
}

function siteOf(history: History, frame: Frame): Site {
  const connections = new Map<string, Connection>();
  const acknowledged = new Samples();
  const looks: EventOf<'observed'>[] = [];
  const gates: EventOf<'gate'>[] = [];
  for (const event of history) {
    if (event.kind === 'write-acknowledged') acknowledged.push(event.atMs, 0, event.seq);
    else if (event.kind === 'observed') looks.push(event);
    else if (event.kind === 'gate') gates.push(event);
    else if (event.kind === 'brick') {
      const { brick, seenBy } = event;
      const key = `${seenBy} ${brick}`;
      let connection = connections.get(key);
      if (connection === undefined)
        connections.set(key, (connection = { brick, seenBy, states: new Samples() }));
      connection.states.push(event.atMs, event.connected ? 1 : 0, event.seq);
    }
  }
  return {
    frame,
    bricks: frame.spec === undefined ? [] : bricksOf(frame.spec).map(({ brick }) => brick),
    nodes: nodeStates(history),
    connections: [...connections.values()],
    backlogs: backlogs(history),
    acknowledged,
    looks,
    gates,
  };
}

const holdsBrick = ({ bricks }: Site, node: NodeName): boolean =>
  bricks.some((brick) => nodeOfBrick(brick) === node);

const isUp = ({ nodes }: Site, node: NodeName, atMs: number): boolean =>
  (nodes.get(node)?.before(atMs)?.state ?? UP) === UP;

/** When a brick of another node last came back, as its node or a client saw it. Counts from before prove nothing. */
function lastReturn(site: Site, { node, atMs }: Reboot): number {
  let last = -Infinity;
  for (const [name, states] of site.nodes) {
    const state = states.before(atMs);
    if (name !== node && state?.state === UP && holdsBrick(site, name)) last = Math.max(last, state.atMs);
  }
  for (const { brick, seenBy, states } of site.connections) {
    const state = states.before(atMs);
    if (nodeOfBrick(brick) !== node && seenBy !== node && state?.state === 1)
      last = Math.max(last, state.atMs);
  }
  return last;
}

const whatGateSaid = ({ gates }: Site, { node, seq }: Reboot): EventOf<'gate'> | undefined =>
  gates.findLast((gate) => gate.node === node && gate.seq < seq);

function report(
  site: Site,
  reboot: Reboot,
  found: Case,
  what: string,
  seqs: readonly number[],
  file?: string,
): void {
  const gate = whatGateSaid(site, reboot);
  const said = gate === undefined ? '' : `; gate ${gate.gate} had said ${gate.decision.kind}`;
  found.find({
    what: `${reboot.node} was taken down ${moment(reboot.atMs)} while ${what}${said}`,
    evidence: evidence(reboot.seq, ...seqs, gate?.seq),
    node: reboot.node,
    ...(file === undefined ? {} : { file }),
    atMs: reboot.atMs,
  });
}

/** Another node that is away misses every write; so does a brick that a client writes without. */
function judgeAway(site: Site, reboot: Reboot, found: Case): void {
  const { node, atMs } = reboot;
  for (const [name, states] of site.nodes) {
    const state = states.before(atMs);
    if (name !== node && state !== undefined && state.state !== UP && holdsBrick(site, name))
      report(site, reboot, found, `${name} was not up`, [state.seq]);
  }
  for (const { brick, seenBy, states } of site.connections) {
    const state = states.before(atMs);
    const other = nodeOfBrick(brick);
    if (state?.state !== 0 || other === node || seenBy === node) continue;
    if (!isUp(site, other, atMs) || !isUp(site, seenBy, atMs)) continue;
    const write = site.acknowledged.after(state.atMs);
    if (write !== undefined && write.atMs <= atMs)
      report(
        site,
        reboot,
        found,
        `the client on ${seenBy} had been without ${brick} for ${seconds(atMs - state.atMs)}, and writes went on`,
        [state.seq, write.seq],
      );
  }
}

/** True when every brick is proven to have nothing pending. */
function judgeBacklog(
  site: Site,
  reboot: Reboot,
  limits: { readonly sinceMs: number; readonly ageMs: number },
  found: Case,
): boolean {
  let quiet = true;
  for (const brick of site.bricks) {
    const counts = site.backlogs.get(brick);
    const pending = pendingAt(counts?.pending, reboot.atMs, limits);
    if (pending.kind === 'nothing') continue;
    quiet = false;
    if (pending.kind === 'pending')
      report(
        site,
        reboot,
        found,
        `${many(pending.count, 'heal was', 'heals were')} pending in the index of ${brick}`,
        pending.seqs,
      );
    else
      found.doubt(
        `whether a heal was pending on ${brick} when ${reboot.node} went down is not known: ${pending.because}`,
      );
  }
  const hidden = quiet ? hiddenBehindWrites(site, reboot.atMs, limits.sinceMs) : undefined;
  if (hidden === undefined) return quiet;
  found.doubt(
    `${hidden} was never marked dirty after it came back though the others were all the time: ` +
      `accusations may not have landed yet when ${reboot.node} went down`,
  );
  return false;
}

/**
 * While a writer keeps its lock, accusations against a brick that was away do not land: the others are dirty all the time,
 * this one never is, and the index is empty. The picture of a healthy writer is dirty on all of them alike.
 */
function hiddenBehindWrites(site: Site, atMs: number, sinceMs: number): BrickId | undefined {
  const ranges = site.bricks.map((brick) => {
    let least = Infinity;
    let most = 0;
    const dirty = site.backlogs.get(brick)?.dirty;
    for (
      let at = dirty?.before(atMs);
      at !== undefined && at.atMs >= sinceMs;
      at = dirty?.before(at.atMs - 0.5)
    ) {
      least = Math.min(least, at.state);
      most = Math.max(most, at.state);
      if (least === 0 && most > 0) break;
    }
    return { brick, least, most };
  });
  const steady = ranges.some(({ least }) => least > 0 && least < Infinity);
  return steady ? ranges.find(({ least, most }) => most === 0 && least === 0)?.brick : undefined;
}

function judgeSoleCopy(site: Site, reboot: Reboot, sinceMs: number, found: Case): void {
  const look = site.looks.findLast((each) => each.atMs <= reboot.atMs);
  if (look === undefined) return;
  const view = viewOf(look, site.frame);
  if (view.unseen.length > 0 || view.bricks.length === 0 || view.firstMs < sinceMs) return;
  const sole: string[] = [];
  for (const copies of view.files)
    for (const { word, sources } of blamesOf(view, copies, site.frame.spec?.volume)) {
      const good = view.bricks.filter(
        ({ arbiter }, i) => sources[i] === true && !(arbiter && word === 'data'),
      );
      if (good.length === 1 && good[0] !== undefined && nodeOfBrick(good[0].brick) === reboot.node)
        sole.push(copies.name);
    }
  const files = [...new Set(sole)];
  if (files.length > 0)
    report(site, reboot, found, `it held the only good copy of ${list(files, 3)}`, [look.seq], files[0]);
}
