/** Durations as Prometheus and Alertmanager write them: `1h30m`, `500ms`. Pure. */

const UNITS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;
/** model.ParseDuration of prometheus/common: each unit at most once, from the largest to the smallest. */
const WRITTEN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds; undefined when it is none. A bare 0 is one, as everywhere in Prometheus. */
export function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const found = WRITTEN.exec(text);
  if (text === '' || found === null) return undefined;
  return UNITS.reduce((sum, [, ms], at) => sum + Number(found[at + 1] ?? 0) * ms, 0);
}

/** The largest unit that it is a whole number of, else the next ones too. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.round(ms);
  let text = '';
  // Weeks and years are rare enough to read as days.
  for (const [unit, size] of UNITS.slice(2)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** How much quicker the lab's clock runs, and how often Prometheus looks there. */
export interface Scaling {
  /** 30: what takes half an hour on a site takes a minute in the lab. */
  readonly factor: number;
  readonly scrapeMs: number;
}

export const scaledMs = (ms: number, { factor }: Scaling): number => Math.max(ms === 0 ? 0 : 1, ms / factor);
