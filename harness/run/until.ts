/** Waiting with a deadline that says what it still waits for. */
import { restAfter } from './pace.ts';
import type { Clock } from './ports.ts';

export type Waited =
  | { readonly kind: 'met'; readonly tookMs: number }
  | { readonly kind: 'late'; readonly pending: string; readonly tookMs: number };

/**
 * Asks `pending` every `everyMs`, or less often where answers take long, until it answers undefined (nothing pending), or the deadline
 * passes.
 */
export async function until(
  clock: Clock,
  pending: () => Promise<string | undefined> | string | undefined,
  { withinMs, everyMs, signal }: { withinMs: number; everyMs: number; signal: AbortSignal },
): Promise<Waited> {
  const began = clock.epochMs();
  for (;;) {
    const askedMs = clock.epochMs();
    const still = await pending();
    const tookMs = clock.epochMs() - began;
    if (still === undefined) return { kind: 'met', tookMs };
    if (signal.aborted) return { kind: 'late', pending: `interrupted while waiting for ${still}`, tookMs };
    if (tookMs >= withinMs) return { kind: 'late', pending: still, tookMs };
    await clock.pause(restAfter(askedMs, clock.epochMs(), everyMs), signal);
  }
}
