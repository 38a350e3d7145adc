import { sourcesOf } from '../blame.ts';
import { everyLook } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { auditedFiles, some, withoutImages } from '../copies.ts';
import type { Audited } from '../copies.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { bricksOn } from '../layout.ts';

/** What would be left if the node went down this instant. */
export const otherGoodCopies: Condition = {
  code: 'D6',
  name: 'other-good-copies',
  section: 'D',
  topic: 'heal',
  checks:
    'without the node’s bricks every audited file still has a good copy, and every remaining copy is good',
  why: 'after two reboots without heal the third node holds the only good copy: nothing is in split-brain, and its reboot takes the disk away',
  wouldHavePrevented: 'the incident on replica 3: guests lost their disks while the third node rebooted',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const local = bricksOn(facts, question.node);
  if (!local.seen) return unseen(local.because);
  const { files, unseen: blind } = auditedFiles(facts);
  const left = files.map((one) => ({ path: one.copies.path, ...without(one, local.bricks) }));
  const sole = left.filter((one) => one.sole).map((one) => one.path);
  const nowhere = left.filter((one) => one.nowhere).map((one) => one.path);
  const stale = left.filter((one) => one.stale.length > 0 && !one.sole && !one.nowhere);
  const decisions: Decision[] = [...blind, open('')];
  decisions.push(...withoutImages(facts));
  if (nowhere.length > 0) {
    decisions.push(
      refused(
        [`no brick has an unaccused copy of ${nowhere.length} files: ${some(nowhere)}`],
        'Do not reboot: bricks accuse each other (split-brain or cyclic blame). Decide per file which copy is good.',
      ),
    );
  }
  if (sole.length > 0) {
    decisions.push(
      refused(
        [`${question.node} holds the only good copy of ${sole.length} files: ${some(sole)}`],
        `Keep ${question.node} up until the other bricks have healed.`,
        true,
      ),
    );
  }
  if (stale.length > 0) {
    const names = stale.map((one) => `${one.path} on ${one.stale.join(', ')}`);
    decisions.push(held(`${stale.length} files whose remaining copies are not all good: ${some(names)}`));
  }
  return combine(decisions, `${files.length} files stay good without ${question.node}`);
}

function without(
  { copies, blame }: Audited,
  local: ReadonlySet<string>,
): { readonly sole: boolean; readonly nowhere: boolean; readonly stale: readonly string[] } {
  const sources = sourcesOf(copies, blame);
  // An arbiter knows which copy is good but holds no data: it can't be what is left.
  const readable = copies.on.filter((copy) => sources.has(copy.brick) && !copy.arbiter);
  const remaining = copies.on.filter((copy) => !local.has(copy.brick));
  const stale = remaining.filter((copy) => !sources.has(copy.brick)).map((copy) => copy.brick);
  const nowhere = readable.length === 0;
  return { nowhere, sole: !nowhere && readable.every((copy) => local.has(copy.brick)), stale };
}
