/** The site's own clock. Human time runs on it and is never waited for. */

/** Seconds since the midnight that begins the story; 86,400 and more are the days after. */
export type SiteSeconds = number;

const DAY = 86_400;

/** `at(7, 10)` is 07:10 of the first day, `at(1, 0, 1)` is 01:00 of the next. */
export const at = (hour: number, minute = 0, day = 0): SiteSeconds => day * DAY + hour * 3600 + minute * 60;

/** Seconds since the last midnight. */
export const timeOfDay = (time: SiteSeconds): number => ((time % DAY) + DAY) % DAY;

/** The first moment at or after `time` with this time of day. */
export const nextTimeOfDay = (time: SiteSeconds, ofDay: number): SiteSeconds =>
  time + ((ofDay - timeOfDay(time) + DAY) % DAY);

/** `07:10`, or `07:10 (+1 d)` when a midnight has passed. */
export function clockText(time: SiteSeconds): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const ofDay = timeOfDay(time);
  const days = Math.floor(time / DAY);
  return `${two(ofDay / 3600)}:${two((ofDay % 3600) / 60)}${days === 0 ? '' : ` (+${days} d)`}`;
}

/** `07:10:05`, or with the days that have passed as `clockText` has them. */
export function clockTextWithSeconds(time: SiteSeconds): string {
  const [ofDay = '', ...days] = clockText(time).split(' ');
  const seconds = String(Math.floor(timeOfDay(time) % 60)).padStart(2, '0');
  return [`${ofDay}:${seconds}`, ...days].join(' ');
}

/** A part of every day, such as 23:00 to 07:00; it may go over midnight. Seconds since midnight. */
export interface DailySpan {
  readonly from: number;
  readonly to: number;
}

export function within({ from, to }: DailySpan, time: SiteSeconds): boolean {
  const ofDay = timeOfDay(time);
  return from <= to ? ofDay >= from && ofDay < to : ofDay >= from || ofDay < to;
}

/** The first moment at or after `time` that lies in none of the spans. Spans that touch count as one. */
export function freeFrom(spans: readonly DailySpan[], time: SiteSeconds): SiteSeconds | undefined {
  let free = time;
  for (let round = 0; round <= spans.length; round += 1) {
    const taken = spans.find((span) => within(span, free));
    if (taken === undefined) return free;
    free = nextTimeOfDay(free, taken.to);
  }
  return undefined;
}
