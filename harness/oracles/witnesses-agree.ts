/** The command line and the bricks tell the same story. Where they don't, one of them misleads, and people read the command line. */
import type { EventOf, History } from '../model/event.ts';
import type { HealInfoBrick } from '../model/facts.ts';
import { gfid } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { blamesOf, viewOf } from './copies.ts';
import type { Copies, View } from './copies.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { list, many, moment } from './say.ts';
import { splitsOf } from './splits.ts';
import type { Split } from './splits.ts';

export function witnessesAgree(): Oracle {
  return {
    name: 'witnesses-agree',
    aspect: 'harness',
    means:
      '`heal info` calls in split-brain what the bricks show to be, at every look; and after settling it lists as pending what the bricks accuse',
    evidence:
      'the file with both sides: what heal info says, what the attributes on the bricks say; the snapshot',
    check,
  };
}

function check(history: History): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const observe = frame.phases.get('observe');
  let looked = 0;
  let heard = 0;
  let final = false;
  for (const event of history) {
    if (event.kind !== 'observed') continue;
    const isFinal = observe !== undefined && event.seq > observe.seq;
    final ||= isFinal;
    const witnesses = hear(event, frame, found, isFinal);
    if (witnesses === undefined) continue;
    heard += 1;
    looked += witnesses.view.files.length;
    compareSplits(witnesses, found);
    // While heals run the two are asked at different moments; only at rest must they list the same.
    if (isFinal) comparePending(witnesses, frame, found);
  }
  if (!final) found.doubt('nobody asked both witnesses after settling');
  return found.conclude(frame, {
    broken: () => `heal info and the bricks disagree: ${found.summary()}`,
    holds: () => `heal info and the bricks agree on ${many(looked, 'file')} in ${many(heard, 'look')}`,
    looked,
  });
}

interface Witnesses {
  readonly event: EventOf<'observed'>;
  readonly view: View;
  readonly from: string;
  readonly healInfo: readonly HealInfoBrick[];
  readonly splits: readonly Split[];
}

/** Undefined when one of the two can't be heard; that is a doubt only at the end, since nodes are down in between by intent. */
function hear(
  event: EventOf<'observed'>,
  frame: Frame,
  found: Case,
  isFinal: boolean,
): Witnesses | undefined {
  const { cli } = event.snapshot;
  const view = viewOf(event, frame);
  if (view.unseen.length > 0 || view.bricks.length === 0) {
    if (isFinal)
      found.doubt(
        `the last look did not see ${list(view.unseen.map(({ brick }) => brick))}, so nothing can be compared`,
      );
    return undefined;
  }
  if (!cli.seen) {
    if (isFinal) found.doubt(`heal info did not answer at the last look: ${cli.because}`);
    return undefined;
  }
  const splits = splitsOf(view, frame.spec).filter(({ proven }) => proven);
  return { event, view, from: cli.from, healInfo: cli.healInfo, splits };
}

/** heal info prints a path, or `<gfid:…>` when it knows none: both become the path that the bricks know. */
function pathsIn(view: View): (name: string) => string {
  const byGfid = new Map<string, string>();
  for (const { path, on } of view.files)
    for (const file of on) {
      const id = gfid(file?.xattrs['trusted.gfid'] ?? '');
      if (id !== undefined) byGfid.set(`<gfid:${id}>`, path);
    }
  return (name) => byGfid.get(name) ?? name;
}

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function compareSplits({ event, view, from, healInfo, splits }: Witnesses, found: Case): void {
  const pathOf = pathsIn(view);
  const called = new Set(healInfo.flatMap(({ inSplitBrain }) => inSplitBrain.map(pathOf)));
  const blind = healInfo.filter(({ connected }) => !connected).map(({ brick }) => brick);
  const shown = new Set<string>();
  for (const { path, name, form, sides } of splits) {
    shown.add(path);
    shown.add(parentOf(path));
    // gluster marks the directory, not the name in it, when gfids or types differ.
    const marksParent = form === 'gfid' || form === 'type';
    if (called.has(path) || (marksParent && called.has(parentOf(path)))) continue;
    const why = blind.length === 0 ? '' : ` (it did not reach ${list(blind)})`;
    const cli = `heal info on ${from} does not call it split-brain${why}`;
    disagree(found, event, { path, name }, cli, `${form}: ${sides}`);
  }
  const read = new Map(view.files.map((copies) => [copies.path, copies] as const));
  for (const path of called) {
    if (shown.has(path)) continue;
    const copies = read.get(path);
    if (copies === undefined)
      found.doubt(`heal info calls ${path} split-brain, but its copies were not read`);
    else
      disagree(
        found,
        event,
        copies,
        `heal info on ${from} calls it split-brain`,
        'no brick accuses another in that way',
      );
  }
}

function comparePending({ event, view, from, healInfo }: Witnesses, frame: Frame, found: Case): void {
  const unheard = healInfo.filter(({ entries }) => !entries.seen).map(({ brick }) => brick);
  if (unheard.length > 0) {
    found.doubt(`heal info gave no list for ${list(unheard)} at the last look`);
    return;
  }
  const pathOf = pathsIn(view);
  const listed = new Set(healInfo.flatMap((brick) => [...brick.listed, ...brick.inSplitBrain].map(pathOf)));
  for (const copies of view.files) {
    const blames = blamesOf(view, copies, frame.spec?.volume);
    if (blames.length > 0 && !listed.has(copies.path))
      disagree(
        found,
        event,
        copies,
        `heal info on ${from} does not list it`,
        `${blames.map(({ word }) => word).join(' and ')} accused`,
      );
  }
  for (const { brick, entries, listed: names, inSplitBrain } of healInfo)
    if (entries.seen && entries.count !== new Set([...names, ...inSplitBrain]).size)
      found.doubt(`heal info counts ${entries.count} entries on ${brick} but names ${names.length}`);
}

function disagree(
  found: Case,
  event: EventOf<'observed'>,
  copies: Pick<Copies, 'path' | 'name'>,
  cli: string,
  bricks: string,
): void {
  found.find({
    what: `${copies.name} ${moment(event.atMs)}: ${cli}; on the bricks: ${bricks}`,
    evidence: evidence(event.seq),
    file: copies.path,
    atMs: event.atMs,
  });
}
