/** The CLI is only a second witness: where it tells another story than the bricks, that itself is a finding. */
import type { BrickFacts, HealInfoBrick } from '../model/facts.ts';
import type { FileVerdict } from './state.ts';

export interface Disagreement {
  readonly about: string;
  readonly bricks: string;
  readonly cli: string;
}

/** Compares verdicts with what `gluster volume heal V info` said at the same moment. */
export function secondWitness(
  verdicts: readonly FileVerdict[],
  bricks: readonly BrickFacts[],
  healInfo: readonly HealInfoBrick[],
): Disagreement[] {
  const found: Disagreement[] = [];
  for (const brick of bricks) {
    const row = healInfo.find((h) => h.brick === brick.brick);
    if (row === undefined)
      found.push({
        about: brick.brick,
        bricks: brick.seen ? 'answered' : 'did not answer',
        cli: 'not listed at all',
      });
    else if (brick.seen && !row.connected)
      found.push({ about: brick.brick, bricks: 'its files were read', cli: `'${row.status}'` });
    else if (!brick.seen && row.connected)
      found.push({ about: brick.brick, bricks: `did not answer: ${brick.because}`, cli: 'connected' });
  }
  const listed = new Set(healInfo.flatMap((h) => h.listed.map(key)));
  const split = new Set(healInfo.flatMap((h) => h.inSplitBrain.map(key)));
  for (const verdict of verdicts) {
    // Nothing is known from the bricks, so nobody can be contradicted.
    if (verdict.state === 'undecidable') continue;
    const names = [verdict.path, ...(verdict.gfid === undefined ? [] : [`<gfid:${verdict.gfid}>`])].map(key);
    const isListed = names.some((n) => listed.has(n));
    const isSplit = names.some((n) => split.has(n));
    if (verdict.state === 'clean') {
      if (isListed)
        found.push({
          about: verdict.path,
          bricks: 'clean',
          cli: isSplit ? 'in split-brain' : 'to be healed',
        });
    } else if (!isListed) found.push({ about: verdict.path, bricks: verdict.state, cli: 'not listed' });
    else if (verdict.state === 'split-brain' && !isSplit)
      found.push({ about: verdict.path, bricks: 'split-brain', cli: 'listed, but not as split-brain' });
    else if (verdict.state !== 'split-brain' && isSplit)
      found.push({ about: verdict.path, bricks: verdict.state, cli: 'in split-brain' });
  }
  return found;
}

/** `/img - Is in split-brain` and `<gfid:…>` both occur. */
const key = (text: string): string => text.replace(/ - .*$/, '').trim();
