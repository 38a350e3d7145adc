/** Every form of split-brain that the bricks of one snapshot show. */
import { MalformedAttribute } from '../afr/changelog.ts';
import { gfid } from '../model/names.ts';
import type { VolumeSnapshot } from '../model/facts.ts';
import type { SiteSpec } from '../model/site.ts';
import { atOnce, blamesOf, sayBlame, turnOver } from './copies.ts';
import type { Copies, View } from './copies.ts';

export type Form = 'data' | 'metadata' | 'entry' | 'gfid' | 'type' | 'all-accused';

export interface Split {
  readonly path: string;
  readonly name: string;
  readonly form: Form;
  /** Both sides, in words. */
  readonly sides: string;
  /** False when the bricks were read too far apart to be sure that both sides existed at once. */
  readonly proven: boolean;
}

/** Needs every brick of the replica set: what a missing brick would say can turn any of it. */
export function splitsOf(view: View, spec: SiteSpec | undefined): readonly Split[] {
  if (view.unseen.length > 0) return [];
  const splits: Split[] = [];
  for (const copies of view.files) {
    const found = [...conflictsOf(view, copies), ...blameSplits(view, copies, spec)];
    if (found.length === 0) continue;
    const proven = atOnce(copies, view);
    for (const { form, sides } of found)
      splits.push({ path: copies.path, name: copies.name, form, sides, proven });
  }
  return splits;
}

/** How many files and directories of a snapshot are in split-brain by their own attributes; undefined when a brick was not seen, or one of them is damaged. */
export function splitBrainFilesIn(snapshot: VolumeSnapshot, spec?: SiteSpec): number | undefined {
  const view = turnOver(snapshot, 0, 0);
  if (view.unseen.length > 0 || view.bricks.length === 0) return undefined;
  try {
    return new Set(splitsOf(view, spec).map(({ path }) => path)).size;
  } catch (error) {
    if (error instanceof MalformedAttribute) return undefined;
    throw error;
  }
}

interface Found {
  readonly form: Form;
  readonly sides: string;
}

function conflictsOf(view: View, { on }: Copies): readonly Found[] {
  const differ = (what: (at: number) => string | undefined): string | undefined => {
    const first = on.findIndex((_, at) => what(at) !== undefined);
    const other = on.findIndex((_, at) => what(at) !== undefined && what(at) !== what(first));
    return other < 0
      ? undefined
      : `${what(first)} on ${view.bricks[first]?.brick}, ${what(other)} on ${view.bricks[other]?.brick}`;
  };
  const type = differ((at) => on[at]?.type);
  if (type !== undefined) return [{ form: 'type', sides: type }];
  const id = differ((at) => gfid(on[at]?.xattrs['trusted.gfid'] ?? ''));
  return id === undefined ? [] : [{ form: 'gfid', sides: id }];
}

function blameSplits(view: View, copies: Copies, spec: SiteSpec | undefined): readonly Found[] {
  return blamesOf(view, copies, spec?.volume).flatMap(({ word, matrix, splitBrain, allAccused }): Found[] => {
    const sides = sayBlame(view, matrix);
    if (splitBrain) return [{ form: word, sides }];
    return allAccused ? [{ form: 'all-accused', sides: `${word}: ${sides}` }] : [];
  });
}
