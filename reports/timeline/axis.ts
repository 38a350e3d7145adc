/** Time to pixels on two clocks: the lab's, drawn to scale, and the modelled hours of people, squeezed into breaks. Pure. */
import { ticks as niceTicks } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { siteClockOf } from '../../harness/index.ts';
import type { EventOf, History } from '../../harness/index.ts';
import type { Interval } from '../outages.ts';

/** A place where modelled time passes and the lab's clock stands still. */
export interface Break {
  /** Milliseconds since the run began. */
  readonly atMs: number;
  readonly x0: number;
  readonly x1: number;
  readonly siteSeconds: number;
  readonly people: readonly EventOf<'person'>[];
}

export interface Axis {
  readonly window: Interval;
  readonly x0: number;
  readonly x1: number;
  readonly breaks: readonly Break[];
  /** Outside the window it is clamped. */
  x(atMs: number): number;
  /** Seconds on the lab's clock, counted from the window's begin, at round numbers. */
  ticks(): readonly { readonly seconds: number; readonly x: number }[];
  /** The site's clock at a moment of the lab's: a time of the day where the history says when the night began, else counted from the window's begin. */
  siteClock(atMs: number): string;
  /** Whether the site's clock tells more than the lab's. */
  readonly hasSiteClock: boolean;
}

const DAY = 86_400;
/** Less than this is not worth a break. */
const BREAK_FROM_SECONDS = 60;
/** People's doings closer than this share a break. */
const TOGETHER_MS = 5_000;
export const BREAK_WIDTH = 96;

export function axisOf(history: History, window: Interval, x0: number, x1: number): Axis {
  const people = history
    .filter((event): event is EventOf<'person'> => event.kind === 'person')
    .filter(({ atMs }) => atMs >= window.fromMs && atMs <= window.toMs)
    .sort((a, b) => a.atMs - b.atMs);
  const groups = together(people).filter((group) => sum(group) >= BREAK_FROM_SECONDS);
  const pixelsPerMs = (x1 - x0 - groups.length * BREAK_WIDTH) / Math.max(1, window.toMs - window.fromMs);
  const plain = (atMs: number): number => x0 + (atMs - window.fromMs) * pixelsPerMs;
  const breaks = groups.map((group, i): Break => {
    const atMs = group.at(-1)?.atMs ?? 0;
    const left = plain(atMs) + i * BREAK_WIDTH;
    return { atMs, x0: left, x1: left + BREAK_WIDTH, siteSeconds: sum(group), people: group };
  });
  const scale = scaleLinear([window.fromMs, window.toMs], [window.fromMs, window.toMs]).clamp(true);
  const x = (atMs: number): number => {
    const t = scale(atMs);
    return plain(t) + BREAK_WIDTH * breaks.filter((one) => t > one.atMs).length;
  };
  const ticks = (): { seconds: number; x: number }[] => {
    const end = (window.toMs - window.fromMs) / 1000;
    const count = Math.max(2, Math.round((x1 - x0) / 90));
    return niceTicks(0, end, count).map((seconds) => ({ seconds, x: x(window.fromMs + seconds * 1000) }));
  };
  const begins = history.find((event) => event.kind === 'run-began')?.nightBegins;
  const clock = siteClockOf(history);
  const siteClock = (atMs: number): string => {
    if (begins !== undefined) return clockText(clock.at(atMs - 1) % DAY);
    return clockText((atMs - window.fromMs) / 1000 + sum(people.filter((one) => one.atMs < atMs)));
  };
  const hasSiteClock = breaks.length > 0 || begins !== undefined;
  return { window, x0, x1, breaks, x, ticks, siteClock, hasSiteClock };
}

const sum = (group: readonly EventOf<'person'>[]): number =>
  group.reduce((total, { siteSeconds }) => total + siteSeconds, 0);

function together(people: readonly EventOf<'person'>[]): EventOf<'person'>[][] {
  const groups: EventOf<'person'>[][] = [];
  for (const one of people) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && one.atMs - last.atMs <= TOGETHER_MS) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** `0:01:05`: hours, minutes, seconds. */
function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
}
