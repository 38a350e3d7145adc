import { newest, ofEveryNode, ofNodes } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts } from '../facts.ts';
import type { LogLine } from '../process-facts.ts';

/** Messages that tell of copies which no heal can decide between. */
const SPLIT = /split-brain|gfid mismatch/i;

/** What has closed by itself was still a wound. */
export const logsQuiet: Condition = {
  code: 'D7',
  name: 'logs-quiet',
  section: 'D',
  checks:
    'within the soak time no log of GlusterFS on any node tells of a split-brain, another gfid, lost quorum, no readable copy, a ping without ' +
    'answer or a failed disk',
  why: 'what a log tells of may be over by the time of the look; a network that dropped pings a minute ago may do so again',
  wouldHavePrevented:
    'a reboot right after a switch had hung for a minute: the second interruption met half-healed disks',
  needs: 'fast',
  asks: ['logs'],
  decide: (window, question) => judge(newest(window), question),
};

function judge(facts: GateFacts, question: Question): Decision {
  const soakMs = question.soakMs ?? 0;
  const decisions = [
    ...ofEveryNode(
      facts,
      'its clock',
      (one) => one.identity,
      () => [open('')],
    ),
    ...ofNodes(facts, 'logs', 'the logs', ({ logs, lines }, one) => {
      if (logs.length === 0) return [unseen(`no log of ${one.node} was read`)];
      return ofNode(
        one,
        lines.filter((line) => agoMs(one, line) <= soakMs),
      );
    }),
  ];
  return combine(
    decisions,
    `nothing of the kind in the logs of ${facts.nodes.length} nodes within ${Math.round(soakMs / 1000)} s`,
  );
}

const agoMs = (one: NodeFacts, line: LogLine): number =>
  one.identity.seen ? one.identity.epochMs - line.atMs : 0;

/** The newest line of each kind; one sentence tells how many there are. */
function ofNode(one: NodeFacts, lines: readonly LogLine[]): readonly Decision[] {
  const split = lines.filter((line) => SPLIT.test(line.text));
  const rest = lines.filter((line) => !SPLIT.test(line.text));
  return [
    open(''),
    ...(split.length === 0
      ? []
      : [
          refused(
            [tell(one, split)],
            'Find the file in that log, and see on every brick which copy is good before any node goes down.',
            true,
          ),
        ]),
    ...(rest.length === 0 ? [] : [held(tell(one, rest))]),
  ];
}

function tell(one: NodeFacts, lines: readonly LogLine[]): string {
  const last = lines.toSorted((first, other) => first.atMs - other.atMs).at(-1);
  if (last === undefined) return '';
  const name = last.log.slice(last.log.lastIndexOf('/') + 1);
  const ago = Math.round(agoMs(one, last) / 1000);
  return `${one.node} ${name}: ${lines.length} lines, ${ago} s ago "${last.text.slice(0, 160)}"`;
}
