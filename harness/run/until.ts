/** Waiting with a deadline that says what it still waits for. */
import { nextAfter, restAfter } from './pace.ts';
import type { Clock } from './ports.ts';

export type Waited =
  | { readonly kind: 'met'; readonly tookMs: number }
  | { readonly kind: 'late'; readonly pending: string; readonly tookMs: number };

/**
 * Asks `pending` every `everyMs`, or less often where answers take long, until it answers undefined (nothing pending), or the deadline
 * passes. `pressing`: asked after each answer; true where there is nothing on the machine to be left alone.
 */
export async function until(
  clock: Clock,
  pending: () => Promise<string | undefined> | string | undefined,
  {
    withinMs,
    everyMs,
    signal,
    pressing = () => false,
  }: { withinMs: number; everyMs: number; signal: AbortSignal; pressing?: () => boolean },
): Promise<Waited> {
  const began = clock.epochMs();
  for (;;) {
    const askedMs = clock.epochMs();
    const still = await pending();
    const tookMs = clock.epochMs() - began;
    if (still === undefined) return { kind: 'met', tookMs };
    if (signal.aborted) return { kind: 'late', pending: `interrupted while waiting for ${still}`, tookMs };
    if (tookMs >= withinMs) return { kind: 'late', pending: still, tookMs };
    const rest = pressing() ? nextAfter : restAfter;
    await clock.pause(rest(askedMs, clock.epochMs(), everyMs), signal);
  }
}
