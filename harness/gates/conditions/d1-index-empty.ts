import type { BrickFacts } from '../../model/facts.ts';
import { everyLook, newest } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { brickFactsOf, some } from '../copies.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, ReplicaSet } from '../facts.ts';
import { setsOf } from '../layout.ts';

type ReadBrick = Extract<BrickFacts, { readonly seen: true }>;

/** The raw index is what the self-heal daemon itself works from. */
export const indexEmpty: Condition = {
  code: 'D1',
  name: 'index-empty',
  section: 'D',
  checks:
    'on every brick: no file in indices/xattrop and entry-changes in any look, and none in indices/dirty that only some bricks have',
  why:
    'it is listed in a tenth of a second however long it is; dirty on every data brick is a live writer, dirty on some only is a write ' +
    'that a brick missed, and while a brick is down it is the only trace of it',
  wouldHavePrevented: 'the incident: both reboots happened with files still in this index',
  needs: 'fast',
  decide: (window, question) =>
    combine(
      [everyLook(pending)(window, question), partlyDirty(newest(window))],
      'no brick has anything left to heal',
    ),
};

function forEverySet(
  facts: GateFacts,
  judge: (set: ReplicaSet, bricks: readonly ReadBrick[]) => readonly Decision[],
): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const decisions = layout.sets.flatMap((set) => {
    const bricks = brickFactsOf(facts, set);
    const blind = bricks.flatMap((one) => (one.facts.seen ? [] : [unseen(one.facts.because)]));
    const read = bricks.flatMap((one) => (one.facts.seen ? [one.facts.of] : []));
    return [...blind, ...judge(set, read)];
  });
  return combine(decisions, 'nothing to heal');
}

const pending = (facts: GateFacts): Decision =>
  forEverySet(facts, (_, bricks) => bricks.map((one) => onBrick(one)));

function onBrick(one: ReadBrick): Decision {
  if (!one.index.seen) return unseen(`the index of brick ${one.brick} was not read: ${one.index.because}`);
  const { xattrop, entryChanges } = one.index;
  const waits = [
    ...(xattrop > 0 ? [`${xattrop} files to heal (${some(one.indexGfids.xattrop)})`] : []),
    ...(entryChanges > 0 ? [`${entryChanges} changed names (${some(one.indexGfids.entryChanges)})`] : []),
  ];
  return waits.length === 0 ? open('') : held(`brick ${one.brick} lists ${waits.join(' and ')}`);
}

/**
 * Only the newest look counts: bricks are not read in the same instant, so a writer that begins or pauses just then shows one brick
 * dirty and the next one not. What a brick really missed stays, and is in every look.
 */
const partlyDirty = (facts: GateFacts): Decision =>
  forEverySet(facts, (set, bricks) => {
    if (bricks.length < set.bricks.length) return [];
    const data = bricks.filter((one) => !one.arbiter);
    const everywhere = new Set(bricks.flatMap((one) => one.indexGfids.dirty));
    const partly = [...everywhere].filter(
      (gfid) => !data.every((one) => one.indexGfids.dirty.includes(gfid)),
    );
    if (partly.length === 0) return [open('')];
    const holders = data.filter((one) => partly.some((gfid) => one.indexGfids.dirty.includes(gfid)));
    return [
      held(
        `${partly.length} files are dirty on ${holders.map((one) => one.brick).join(' and ') || 'the arbiter'} only ` +
          `(${some(partly)}): a brick of ${set.name} missed a write`,
      ),
    ];
  });
