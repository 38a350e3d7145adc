/** One look at the router disks: does each copy hold what was acknowledged before? */
import type { EventOf } from '../model/event.ts';
import type { VolumeSnapshot } from '../model/facts.ts';
import type { BrickId, RouterName } from '../model/names.ts';
import type { RouterSpec } from '../model/site.ts';
import { missingEverywhere } from './acknowledged.ts';
import type { Ledger, Stretch } from './acknowledged.ts';
import { evidence } from './conclude.ts';
import type { Case } from './conclude.ts';
import { viewOf } from './copies.ts';
import type { View } from './copies.ts';
import type { Frame } from './frame.ts';
import type { Restore } from './restores.ts';
import { count, list, moment, seconds } from './say.ts';
import { splitsOf } from './splits.ts';

/** What is known of one router's writes so far. */
export interface Account {
  readonly spec: RouterSpec;
  readonly ledger: Ledger;
  acknowledged: number;
  /** Acknowledged while the play was on. */
  inWindow: number;
  beats: number;
  restore: Restore | undefined;
  /** Records that a new life of the router has taken the place of. */
  rolledBack: number;
  /** The most that the copies of one look lacked; the same loss is seen again by every later look. */
  lacked: number;
}

export interface Look {
  readonly event: EventOf<'observed'>;
  readonly accounts: ReadonlyMap<RouterName, Account>;
  readonly frame: Frame;
  readonly found: Case;
  /** Only after settling must every copy be whole; before, a heal may still bring it what it lacks. */
  readonly stage: 'midway' | 'unsettled' | 'settled';
}

type Disk = VolumeSnapshot['disks'][number];

interface Copy {
  readonly where: string;
  readonly brick: BrickId | undefined;
  readonly missing: readonly Stretch[];
}

export function judgeDisks(look: Look): void {
  const view = viewOf(look.event, look.frame);
  for (const [router, account] of look.accounts) {
    if (account.ledger.length === 0) continue;
    // Only what was acknowledged before the first brick was read can be asked of it.
    const upTo = account.ledger.until(
      view.bricks.length === 0 ? (look.frame.phases.get('observe')?.atMs ?? 0) : view.firstMs,
    );
    const disks = look.event.snapshot.disks.filter((disk) => disk.router === router);
    const arbiters = new Set(
      look.event.snapshot.bricks.filter((each) => each.arbiter).map(({ brick }) => brick),
    );
    const dataDisks = disks.filter(({ via }) => !('brick' in via) || !arbiters.has(via.brick));
    const copies = dataDisks.flatMap((disk) => copyOf(disk, account, upTo) ?? []);
    const unread = dataDisks.filter((disk) => !isRead(disk));
    judgeCopies(look, account, view, copies, unread);
  }
}

const isRead = ({ scan }: Disk): boolean => scan.seen && scan.error === undefined;

function copyOf(disk: Disk, { ledger }: Account, upTo: number): Copy | undefined {
  if (!disk.scan.seen || disk.scan.error !== undefined) return undefined;
  const brick = 'brick' in disk.via ? disk.via.brick : undefined;
  return {
    where: 'brick' in disk.via ? disk.via.brick : `the mount on ${disk.via.mount}`,
    brick,
    missing: ledger.missing(disk.scan.ranges, upTo),
  };
}

function judgeCopies(
  look: Look,
  account: Account,
  view: View,
  copies: readonly Copy[],
  unread: readonly Disk[],
): void {
  const { found, stage, event } = look;
  const { name } = account.spec;
  const bricks = copies.filter(({ brick }) => brick !== undefined);
  const allBricks = bricks.length > 0 && bricks.length === dataBricks(event) && view.unseen.length === 0;
  if (stage !== 'midway') {
    for (const disk of unread) found.doubt(`the disk of ${name} could not be read ${whyUnread(disk)}`);
    if (!allBricks) found.doubt(`the disk of ${name} was not read on every data brick after settling`);
  }
  const lacking = copies.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return;
  if (stage === 'settled') {
    for (const copy of lacking) report(look, account, copy, '');
    note(account, Math.max(...lacking.map(amount)));
    return;
  }
  const everywhere = allBricks ? missingEverywhere(bricks.map(({ missing }) => missing)) : [];
  if (everywhere.length > 0) {
    const [[first] = [0], last] = [everywhere[0], everywhere.at(-1)?.[1] ?? 0];
    reportNowhere(look, account, bricks, first, last);
    note(account, Math.min(...bricks.map(amount)));
  } else if (allBricks && isSplit(look, account, view)) {
    // No heal brings these: whoever resolves it has to choose, and pays this price.
    for (const copy of bricks) report(look, account, copy, ' (the disk is in split-brain)');
    note(account, Math.min(...bricks.map(amount)));
  } else if (stage === 'unsettled')
    found.doubt(
      `the volume has not settled: ${list(lacking.map(({ where }) => where))} still ` +
        `lack${lacking.length === 1 ? 's' : ''} acknowledged writes of ${name}`,
    );
}

const note = (account: Account, lost: number): void => {
  account.lacked = Math.max(account.lacked, lost);
};

const amount = ({ missing }: Copy): number => missing.reduce((sum, stretch) => sum + stretch.count, 0);

const dataBricks = ({ snapshot }: EventOf<'observed'>): number =>
  snapshot.bricks.filter(({ arbiter }) => !arbiter).length;

function whyUnread({ via, scan }: Disk): string {
  const where = 'brick' in via ? `on ${via.brick}` : `through the mount on ${via.mount}`;
  const why = scan.seen ? (scan.error === undefined ? '' : scan.error.errno) : scan.because;
  return `${where} after settling: ${why}`;
}

function isSplit({ frame }: Look, { spec }: Account, view: View): boolean {
  const disk = `/vm-${spec.vmid}-disk-`;
  return splitsOf(view, frame.spec).some(({ name }) => name.includes(disk));
}

function report(
  { event, found }: Look,
  { spec }: Account,
  { where, brick, missing }: Copy,
  why: string,
): void {
  for (const { first, last, count: lost, fromMs, toMs, seqs } of missing)
    found.find({
      what:
        `${brick === undefined ? `${where} has lost` : `choosing brick ${where} loses`} writes ` +
        `${count(first)} to ${count(last)} of ${spec.name}, ${seconds(toMs - fromMs)} (${count(lost)})${why}`,
      evidence: evidence(seqs[0], seqs[1], event.seq),
      router: spec.name,
      ...(brick === undefined ? {} : { brick }),
      atMs: fromMs,
      untilMs: toMs,
    });
}

function reportNowhere(
  look: Look,
  account: Account,
  bricks: readonly Copy[],
  first: number,
  last: number,
): void {
  const stretch = bricks[0]?.missing.find((each) => each.first <= first && each.last >= first);
  look.found.find({
    what: `writes ${count(first)} to ${count(last)} of ${account.spec.name} are on no brick any more (${moment(look.event.atMs)})`,
    evidence: evidence(stretch?.seqs[0] ?? look.event.seq, look.event.seq),
    router: account.spec.name,
    ...(stretch === undefined ? {} : { atMs: stretch.fromMs, untilMs: stretch.toMs }),
  });
}
