/** Deadlines for an engine that accepts a request and never answers: its client waits for ever then. */

/** What `asked` resolves to. @throws when that takes longer than `limitMs`; the request itself goes on, and what comes of it is not waited for. */
export async function within<T>(asked: Promise<T>, limitMs: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what}: the engine did not answer within ${(limitMs / 1000).toFixed(1)} s`)),
    limitMs,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

export type Cut = 'limit' | 'aborted';

/** When waiting has to end: after `limitMs`, or when the signal aborts, whichever is first. To be disposed when nobody waits any more. */
export function cutAfter(
  limitMs: number,
  signal: AbortSignal | undefined,
): Disposable & { readonly cut: Promise<Cut> } {
  const { promise: cut, resolve } = Promise.withResolvers<Cut>();
  const timer = setTimeout(() => resolve('limit'), limitMs);
  const abort = (): void => resolve('aborted');
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return {
    cut,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
