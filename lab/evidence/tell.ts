import type { EventBody, Journal } from '../../harness/index.ts';

/** For what happens by itself, in nobody's call. */
export type Tell = (body: EventBody, epochMs?: number) => void;

/** Never throws: a journal that can't be written has stopped the run already (harness/run/guard), and a callback of a stream can't do more. */
export const teller =
  (journal: Journal): Tell =>
  (body, epochMs) => {
    try {
      journal.record(body, epochMs);
    } catch {
      // the run knows
    }
  };
