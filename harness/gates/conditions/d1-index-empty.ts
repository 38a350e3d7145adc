import type { BrickFacts } from '../../model/facts.ts';
import { everyLook } from '../condition.ts';
import type { Condition, Window } from '../condition.ts';
import { brickFactsOf, some } from '../copies.ts';
import { combine, held, open, passing, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { lasting } from '../lasting.ts';
import type { Findings } from '../lasting.ts';
import { setsOf } from '../layout.ts';

type ReadBrick = Extract<BrickFacts, { readonly seen: true }>;

/** The raw index is what the self-heal daemon itself works from. */
export const indexEmpty: Condition = {
  code: 'D1',
  name: 'index-empty',
  section: 'D',
  topic: 'heal',
  checks:
    'on every brick: no file in indices/xattrop and entry-changes in any look, and none in indices/dirty that the same bricks do not have in two looks in a row',
  why:
    'it is listed in a tenth of a second however long it is; dirty on every data brick is a live writer, dirty on some only is a write ' +
    'that a brick missed, and while a brick is down it is the only trace of it',
  wouldHavePrevented: 'the incident: both reboots happened with files still in this index',
  needs: 'fast',
  decide: (window, question) =>
    combine(
      [everyLook(pending)(window, question), missedWrites(window)],
      'no brick has anything left to heal',
    ),
};

function pending(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const bricks = layout.sets.flatMap((set) => brickFactsOf(facts, set));
  return combine(
    bricks.map((one) => (one.facts.seen ? onBrick(one.facts.of) : unseen(one.facts.because))),
    'nothing to heal',
  );
}

function onBrick(one: ReadBrick): Decision {
  if (!one.index.seen) return unseen(`the index of brick ${one.brick} was not read: ${one.index.because}`);
  const { xattrop, entryChanges } = one.index;
  const waits = [
    ...(xattrop > 0 ? [`${xattrop} files to heal (${some(one.indexGfids.xattrop)})`] : []),
    ...(entryChanges > 0 ? [`${entryChanges} changed names (${some(one.indexGfids.entryChanges)})`] : []),
  ];
  return waits.length === 0 ? open('') : held(`brick ${one.brick} lists ${waits.join(' and ')}`);
}

/** Files that some data bricks list as dirty and others do not, by file and by all bricks that do not: a writer's differ from look to look. */
function partlyDirty(facts: GateFacts): Findings {
  const layout = setsOf(facts);
  const found = new Map<string, string>();
  for (const set of layout.seen ? layout.sets : []) {
    const bricks = brickFactsOf(facts, set).flatMap((one) => (one.facts.seen ? [one.facts.of] : []));
    const data = bricks.filter((one) => !one.arbiter);
    for (const gfid of new Set(bricks.flatMap((one) => one.indexGfids.dirty))) {
      const without = data.filter((one) => !one.indexGfids.dirty.includes(gfid)).map((one) => one.brick);
      if (without.length > 0)
        found.set(`${gfid} ${without.join(' ')}`, `${gfid} not on ${without.join(', ')}`);
    }
  }
  return found;
}

function missedWrites(window: Window): Decision {
  const files = lasting(window, partlyDirty);
  return files.length === 0
    ? open('')
    : passing(
        `${files.length} files are dirty on some data bricks only (${some(files)}): the others missed a write`,
      );
}
