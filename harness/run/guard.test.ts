import { expect, test } from 'vitest';
import type { Event, EventBody } from '../model/event.ts';
import { guarded } from './guard.ts';
import type { Journal } from './ports.ts';

const keeping = (): Journal & { readonly kept: Event[] } => {
  const kept: Event[] = [];
  return {
    kept,
    record(body: EventBody, epochMs = 0) {
      const event = { seq: kept.length, atMs: epochMs, ...body } as Event;
      kept.push(event);
      return event;
    },
  };
};
const note = (text: string): EventBody => ({ kind: 'note', text });

test('hands everything on and stops nothing while all is well', () => {
  const journal = keeping();
  const stopped: string[] = [];
  const { seq } = guarded(journal, (because) => stopped.push(because)).record(note('a'), 7);
  expect(seq).toBe(0);
  expect(journal.kept).toEqual([{ seq: 0, atMs: 7, kind: 'note', text: 'a' }]);
  expect(stopped).toEqual([]);
});

test('somebody who says that the run can not go on stops it, once', () => {
  const stopped: string[] = [];
  const journal = guarded(keeping(), (because) => stopped.push(because));
  journal.record({ kind: 'aborted', because: 'the engine is gone' });
  journal.record({ kind: 'aborted', because: 'and so is the recorder' });
  expect(stopped).toEqual(['the engine is gone']);
});

test('a journal that can not be written stops the run and still fails for whoever recorded', () => {
  const stopped: string[] = [];
  const full: Journal = {
    record: () => {
      throw new Error('no space left on device');
    },
  };
  const journal = guarded(full, (because) => stopped.push(because));
  expect(() => journal.record(note('a'))).toThrow('no space left');
  expect(() => journal.record(note('b'))).toThrow('no space left');
  expect(stopped).toEqual(['no space left on device']);
});
