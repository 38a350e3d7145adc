/** What a person sees while the gate is asked again and again: one line that changes, or a line when there is news. On standard error. */
import type { Backlog, Progress, Trend } from '../../harness/index.ts';
import type { Out } from '../out.ts';
import { spoken } from '../duration.ts';

export interface ProgressPrinter {
  readonly told: (progress: Progress) => void;
  /** Leaves the changing line. */
  readonly end: () => void;
}

/** A line at least so often, so that a log shows that somebody still waits. */
const AT_LEAST_MS = 60_000;

export interface Screen {
  /** Columns of a terminal; undefined when it is none. */
  readonly columns: number | undefined;
  readonly write: (text: string) => void;
}

export const errorScreen = (): Screen => ({
  columns: process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? process.stderr.columns : undefined,
  write: (text) => void process.stderr.write(text),
});

export function progressPrinter({
  on,
  out,
  screen = errorScreen(),
}: {
  readonly on: boolean;
  readonly out: Pick<Out, 'error'>;
  readonly screen?: Screen;
}): ProgressPrinter {
  if (!on) return { told: () => undefined, end: () => undefined };
  if (screen.columns !== undefined) {
    const { columns, write } = screen;
    return {
      told: (progress) => write(`\r\u001B[K${progressLine(progress).slice(0, columns - 1)}`),
      end: () => write('\r\u001B[K'),
    };
  }
  let last: { readonly key: string; readonly most: number; readonly atMs: number } | undefined;
  return {
    told: (progress) => {
      const now = { key: keyOf(progress), most: progress.backlog.most ?? -1, atMs: progress.tookMs };
      const fell = last !== undefined && Math.abs(now.most - last.most) > Math.max(last.most, 1) / 4;
      if (last !== undefined && now.key === last.key && !fell && now.atMs - last.atMs < AT_LEAST_MS) return;
      last = now;
      out.error(progressLine(progress));
    },
    end: () => undefined,
  };
}

/** What would be news: another verdict, or another set of conditions that keep it shut. */
const keyOf = ({ answer }: Progress): string => [answer.kind, ...shut(answer)].join(' ');

const shut = (answer: Progress['answer']): readonly string[] =>
  answer.rulings.flatMap((one) =>
    one.waived === undefined && one.decision.kind !== 'open' ? [one.code] : [],
  );

export function progressLine({ answer, backlog, trend, tookMs }: Progress): string {
  const codes = shut(answer);
  const why = codes.length > 0 ? codes.join(' ') : answer.kind === 'open' ? '' : 'looking on';
  return [`${clock(tookMs)} ${answer.kind}`, why, backlogText(backlog), trendText(trend, backlog)]
    .filter((part) => part !== '')
    .join('  ');
}

export const backlogText = ({ bricks }: Backlog): string =>
  bricks.map(({ brick, pending }) => `${brick} ${typeof pending === 'number' ? pending : '?'}`).join('  ');

/** Rate and forecast; empty when there is nothing to heal or too little to tell. */
export function trendText(trend: Trend | undefined, { most }: Backlog): string {
  if (trend === undefined || most === 0) return '';
  const { perSecond, emptyIn } = trend;
  const rate =
    Math.abs(perSecond) < 10 ? Math.abs(perSecond).toFixed(1) : String(Math.round(Math.abs(perSecond)));
  if (emptyIn !== undefined) return `falling by ${rate} per second, empty in about ${spoken(emptyIn * 1000)}`;
  return perSecond < 0 ? `growing by ${rate} per second` : 'not falling';
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
