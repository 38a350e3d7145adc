import { newest } from '../condition.ts';
import type { Condition, Question, Window } from '../condition.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import { setsOf } from '../layout.ts';
import { sinceLastBoot, trendOf } from '../trend.ts';

/** The way to zero, over all looks and not only over the window. */
export const backlogGone: Condition = {
  code: 'D8',
  name: 'backlog-gone',
  section: 'D',
  topic: 'heal',
  checks:
    'over all looks since the last node came back, the number of files to heal went down to zero on every brick and has not come up since; ' +
    'a backlog that stands still for twice the heal timeout is called stalled',
  why: 'a list that flickers between zero and some is being filled by somebody, and a heal that stands still never ends by waiting',
  wouldHavePrevented: 'a gate that happened to look in the one second in which the list was empty',
  needs: 'fast',
  decide: judge,
};

function judge(window: Window, question: Question): Decision {
  const layout = setsOf(newest(window));
  if (!layout.seen) return unseen(layout.because);
  const looks = sinceLastBoot(question.looks ?? window);
  const trend = trendOf(looks);
  if (!trend.seen) return unseen(trend.because);
  const decisions: Decision[] = [open('')];
  if (trend.pending > 0) {
    decisions.push(
      trend.stalled
        ? refused(
            [
              `${trend.pending} files to heal have not become fewer for ${seconds(trend.standstillMs)}: the heal is stalled`,
            ],
            'Look at the self-heal daemons (C1) and their logs; waiting does not help.',
          )
        : held(`${trend.pending} files to heal${forecast(trend)}`),
    );
  }
  // Zero for as long as it was away at the most: that is when the next one would be due.
  if (trend.pending === 0 && trend.cameBack > 0 && trend.zeroForMs < (question.soakMs ?? 0)) {
    decisions.push(
      held(
        `the list of files to heal has been empty for ${seconds(trend.zeroForMs)} of ${seconds(question.soakMs ?? 0)}, ` +
          `but came back ${trend.cameBack} times before`,
      ),
    );
  }
  return combine(decisions, `nothing to heal for ${seconds(trend.zeroForMs)}, in ${looks.length} looks`);
}

function forecast(trend: { readonly perSecond: number; readonly forecastMs: number | undefined }): string {
  if (trend.forecastMs === undefined) return ', not falling';
  return `, falling by ${trend.perSecond.toFixed(1)} a second, about ${seconds(trend.forecastMs)} to go`;
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
