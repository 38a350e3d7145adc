/** A journal that stops the run when it can't be kept any more, or when somebody has said in it that the run can't go on. */
import type { Journal } from './ports.ts';

/**
 * `stop` is called once, with a sentence. A failed write is thrown on to whoever recorded: a history with a hole is worse than a short
 * one, so nothing may go on as if it had been written.
 */
export function guarded(journal: Journal, stop: (because: string) => void): Journal {
  let stopped = false;
  const once = (because: string): void => {
    if (stopped) return;
    stopped = true;
    stop(because);
  };
  return {
    record(body, epochMs) {
      try {
        const event = journal.record(body, epochMs);
        if (event.kind === 'aborted') once(event.because);
        return event;
      } catch (error) {
        once(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}
