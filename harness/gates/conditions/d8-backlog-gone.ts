import { backlogOf, stalledFor, trendOf } from '../backlog.ts';
import type { Backlog } from '../backlog.ts';
import { newest } from '../condition.ts';
import type { Condition, Question, Window } from '../condition.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { setsOf } from '../layout.ts';

/** The way to zero, over all looks and not only over the window. */
export const backlogGone: Condition = {
  code: 'D8',
  name: 'backlog-gone',
  section: 'D',
  topic: 'heal',
  checks:
    'over all looks since the last node came back, the number of files to heal went down to zero on every brick and did not come back ' +
    'within the soak time; one that stands still for twice the heal timeout is called stalled',
  why: 'a list that flickers between zero and some is being filled by somebody, and a heal that stands still never ends by waiting',
  wouldHavePrevented: 'a gate that happened to look in the one second in which the list was empty',
  needs: 'fast',
  decide: judge,
};

/** GlusterFS crawls at least so often (cluster.heal-timeout), seconds. */
const HEAL_TIMEOUT = 600;

function judge(window: Window, question: Question): Decision {
  const facts = newest(window);
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const backlogs = sinceLastBoot(question.looks ?? window).map((look) => backlogOf(look));
  const last = backlogs.at(-1);
  const blind = last?.bricks.flatMap(({ brick, pending }) =>
    typeof pending === 'number' ? [] : [`what brick ${brick} has to heal was not seen: ${pending.because}`],
  );
  if (last?.most === undefined) return unseen(...(blind ?? []), 'the number of files to heal is not known');
  if (last.most > 0) return filled(last.most, backlogs, healTimeout(facts));
  const known = backlogs.filter((one) => one.most !== undefined);
  const returns = known.filter((one, index) => one.most !== 0 && known[index - 1]?.most === 0).length;
  const zeroForMs = zeroFor(known, last.atMs);
  const soakMs = question.soakMs ?? 0;
  const decision =
    returns > 0 && zeroForMs < soakMs
      ? held(
          `nothing to heal for ${seconds(zeroForMs)} of ${seconds(soakMs)}, after the list had filled again ${returns} times`,
        )
      : open('');
  return combine([decision], `nothing to heal for ${seconds(zeroForMs)}, in ${known.length} looks`);
}

function filled(most: number, backlogs: readonly Backlog[], timeoutSeconds: number): Decision {
  const stillMs = stalledFor(backlogs);
  if (stillMs >= 2000 * timeoutSeconds) {
    return refused(
      [`${most} files to heal have not become fewer for ${seconds(stillMs)}: the heal is stalled`],
      'Look at the self-heal daemons (C1) and their logs. One large file without shards may take longer than that: if its heal goes on, ask again.',
    );
  }
  const trend = trendOf(backlogs);
  return held(
    trend?.emptyIn === undefined
      ? `${most} files to heal, not falling`
      : `${most} files to heal, falling by ${trend.perSecond.toFixed(1)} a second, about ${seconds(trend.emptyIn * 1000)} to go`,
  );
}

/** Looks from before a node's reboot say nothing about the heal after it. */
function sinceLastBoot(looks: readonly GateFacts[]): readonly GateFacts[] {
  const now = new Map<string, string>();
  for (const one of looks.at(-1)?.nodes ?? []) if (one.identity.seen) now.set(one.node, one.identity.bootId);
  const last = looks.findLastIndex((look) =>
    look.nodes.some((one) => {
      const boot = now.get(one.node);
      return one.identity.seen && boot !== undefined && one.identity.bootId !== boot;
    }),
  );
  return looks.slice(last + 1);
}

function zeroFor(known: readonly Backlog[], nowMs: number): number {
  const busy = known.findLastIndex((one) => one.most !== 0);
  return nowMs - (known[busy + 1]?.atMs ?? nowMs);
}

function healTimeout(facts: GateFacts): number {
  const [info] = facts.nodes.flatMap((one) => (one.info.seen ? [one.info] : []));
  const said = Number(info?.options['cluster.heal-timeout'] ?? HEAL_TIMEOUT);
  return said > 0 ? said : HEAL_TIMEOUT;
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
