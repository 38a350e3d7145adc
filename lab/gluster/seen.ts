/** Turning what was read into `Seen`: a parser throws with the reason, the reader keeps it. */
import type { NotSeen, Seen } from '../../harness/index.ts';

export const notSeen = (because: string): NotSeen => ({ seen: false, because });

/** Runs a parser; what it throws becomes the reason why the fact was not seen. */
export function seen<T extends object>(parse: () => T): Seen<T> {
  try {
    return { seen: true, ...parse() };
  } catch (error) {
    return notSeen(error instanceof Error ? error.message : String(error));
  }
}

/** Feeds a text that may itself not have been seen to a parser. */
export function read<T extends object>(
  text: Seen<{ readonly text: string }>,
  parse: (text: string) => T,
): Seen<T> {
  return text.seen ? seen(() => parse(text.text)) : text;
}

/** First lines of an odd answer, short enough for a sentence. */
export function excerpt(text: string, most = 160): string {
  const flat = text.trim().replaceAll(/\s+/g, ' ');
  if (flat === '') return 'nothing';
  return flat.length > most ? `"${flat.slice(0, most)}…"` : `"${flat}"`;
}

/** Digits only: `-`, `N/A` and the empty string are no numbers. */
export function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
