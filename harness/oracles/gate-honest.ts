/**
 * No node goes down while another one still needs it: no heal pending, no sole good copy on it, no other node away.
 * Judged from what the bricks showed at that moment, whatever a gate said.
 */
import type { History } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { pendingAt, UNSEEN } from './backlog.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { rebootsOf, UP } from './reboots.ts';
import type { Reboot } from './reboots.ts';
import { list, many, moment, seconds } from './say.ts';
import { holdsBrick, isUp, lastLook, lastReturn, siteOf, whatGateSaid } from './site-at.ts';
import type { Site } from './site-at.ts';

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

/** Samples of each brick's dirty count that are looked at before a reboot. */
const MOST_LOOKED_BACK = 200;

/**
 * While a writer keeps its lock, accusations against a brick that was away do not land: the others are dirty all the time,
 * this one never is, and the index is empty. The picture of a healthy writer is dirty on all of them alike.
 */
function hiddenBehindWrites(site: Site, atMs: number, sinceMs: number): BrickId | undefined {
  const ranges = site.bricks.map((brick) => {
    let least = Infinity;
    let most = 0;
    const dirty = site.backlogs.get(brick)?.dirty;
    let at = dirty?.before(atMs);
    for (let left = MOST_LOOKED_BACK; at !== undefined && at.atMs >= sinceMs && left > 0; left -= 1) {
      if (at.state !== UNSEEN) {
        least = Math.min(least, at.state);
        most = Math.max(most, at.state);
      }
      at = least === 0 && most > 0 ? undefined : dirty?.before(at.atMs - 1);
    }
    return { brick, least, most };
  });
  const steady = ranges.some(({ least }) => least > 0 && least < Infinity);
  return steady ? ranges.find(({ least, most }) => most === 0 && least === 0)?.brick : undefined;
}

function judgeSoleCopy(site: Site, reboot: Reboot, sinceMs: number, found: Case): void {
  const looked = lastLook(site, reboot.atMs);
  if (looked === undefined || looked.firstMs < sinceMs) return;
  const files = [...new Set(looked.sole.filter(({ on }) => on === reboot.node).map(({ file }) => file))];
  if (files.length > 0)
    report(site, reboot, found, `it held the only good copy of ${list(files, 3)}`, [looked.seq], files[0]);
}
