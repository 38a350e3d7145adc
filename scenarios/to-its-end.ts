/**
 * vitest ends a test at once when the run is cancelled or the test takes too long, without waiting for what the test began; the next file
 * or the end of the process would then come in the middle of a teardown. Hooks it waits for. So a story's end is waited for in one.
 */

/** Registers a hook for when the test is over, as vitest's context has it. */
type OnceOver = (hook: () => Promise<void>, limitMs: number) => void;

/** From the signal to the result: what is under way, the logs, the removal of the lab (its own limit is a minute), the verdict, the pictures. */
const CLOSE_MS = 180_000;
/** A terminal's Ctrl-C and `timeout` signal the whole process group; the process that drives vitest decides, and says so by the test's signal. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** `begin` is to end soon when the test's signal aborts. Until it has ended, signals do not end this process. */
export function toItsEnd<T>(begin: () => Promise<T>, onceOver: OnceOver): Promise<T> {
  const stay = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, stay);
  const under = begin();
  const ended = under.then(
    () => undefined,
    () => undefined,
  );
  onceOver(async () => {
    await ended;
    // Between stories, and when vitest ends this process, a signal does what it always does.
    for (const signal of SIGNALS) process.off(signal, stay);
  }, CLOSE_MS);
  return under;
}
