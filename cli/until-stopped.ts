/** Work that Ctrl-C or SIGTERM asks to end. */

/** By convention 128 + SIGINT. */
const INTERRUPTED = 130;

/** Whoever asks a second time does not want to wait for a node's last answer: then the process ends with `secondCode`. */
export async function untilStopped<T>(
  work: (signal: AbortSignal) => Promise<T>,
  secondCode = INTERRUPTED,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => (stop.signal.aborted ? process.exit(secondCode) : stop.abort());
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
