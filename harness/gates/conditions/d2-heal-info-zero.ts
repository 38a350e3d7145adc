import { everyLook, factsOf } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { some } from '../copies.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { everyBrickOnce } from '../heal-lists.ts';

/** The CLI's own count, read strictly and from two places. */
export const healInfoZero: Condition = {
  code: 'D2',
  name: 'heal-info-zero',
  section: 'D',
  topic: 'heal',
  checks:
    '`heal info`, as text and as XML, from two nodes: every brick listed once, "Connected", with the number 0',
  why: '"-" stands for a brick that could not be asked; it exits with 0, and every published gate takes it for zero',
  wouldHavePrevented:
    'a reboot passed by a script that summed the last digits, or skipped the brick that did not answer',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  if (facts.healLeftOut !== undefined) return held(`not asked yet: ${facts.healLeftOut}`);
  if (facts.healWitnesses.length < 2) {
    return unseen(`heal info was asked of ${facts.healWitnesses.length} nodes; two are needed`);
  }
  const decisions = facts.healWitnesses.flatMap((name): readonly Decision[] => {
    const found = factsOf(facts, name);
    if (!found.seen) return [unseen(found.because)];
    const { healInfo, healInfoXml } = found.of;
    return [
      ...everyBrickOnce(facts, `heal info on ${name}`, healInfo, zero),
      ...everyBrickOnce(facts, `heal info --xml on ${name}`, healInfoXml, zero),
    ];
  });
  return combine(decisions, `0 entries on every brick, said by ${facts.healWitnesses.join(' and ')}`);
}

const zero: Parameters<typeof everyBrickOnce>[3] = (where, brick, count) =>
  count === 0 && brick.listed.length === 0
    ? open('')
    : held(`${where} lists ${count} entries for brick ${brick.brick} (${some(brick.listed)})`);
