/** How oracles put numbers into sentences. */

/** 18402 -> `18,402`. */
export function count(value: number): string {
  return String(Math.trunc(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Milliseconds as seconds with one digit: 4213 -> `4.2 s`. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** 26,100 -> `7 h 15 min`. */
export function hoursAndMinutes(secondsLong: number): string {
  const minutes = Math.round(secondsLong / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment of the run, as the timeline prints it. */
export const moment = (atMs: number): string => `at ${seconds(atMs)}`;

export const between = (fromMs: number, toMs: number): string =>
  `from ${seconds(fromMs)} to ${seconds(toMs)}`;

/** `1 file`, `12 files`. */
export const many = (amount: number, one: string, more = `${one}s`): string =>
  `${count(amount)} ${amount === 1 ? one : more}`;

/** `a`, `a and b`, `a, b and c`; long lists end with how many were left out. */
export function list(items: readonly string[], most = 4): string {
  const shown = items.slice(0, most);
  if (items.length > most) shown.push(`${count(items.length - most)} more`);
  const last = shown.pop() ?? 'nothing';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
