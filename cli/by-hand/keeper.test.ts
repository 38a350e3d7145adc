import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event, EventBody, Journal } from '../../harness/index.ts';
import { site } from '../../scenarios/index.ts';
import { keep } from './keeper.ts';
import type { Keeping } from './keeper.ts';
import { readState, takeFolder, writeState } from './labs.ts';
import type { LabState } from './labs.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'healproof-keeper-'));
  vi.stubEnv('XDG_STATE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** A folder with the state that `up` leaves there. */
function begun(): LabState {
  const state = {
    run: takeFolder(),
    pid: process.pid,
    spec: site({ layout: 'replica-3', options: 'virt' }),
    since: 1000,
    ready: false,
    machines: [],
  };
  writeState(state);
  return state;
}

/** `room`: for so many events. */
function disk(room = 100): Journal & { readonly kept: Event[] } {
  const kept: Event[] = [];
  return {
    kept,
    record(body: EventBody) {
      if (kept.length >= room) throw new Error('ENOSPC: no space left on device, write');
      const event = { seq: kept.length, atMs: 0, ...body } as Event;
      kept.push(event);
      return event;
    },
  };
}

/** A lab that is being built until it is interrupted; `first` happens in it, and what the state says then is kept. */
function building(run: string, first: (journal: Journal) => void) {
  const told = new AbortController();
  const seen: (LabState | undefined)[] = [];
  const open: Keeping['open'] = async (_spec, _run, journal, signal) => {
    first(journal);
    seen.push(readState(run));
    // Without a way to notice, it would go on for ever.
    expect(signal.aborted).toBe(true);
    throw new Error(`interrupted (${String(signal.reason)})`);
  };
  return { open, seen, told };
}

test('an engine that goes takes the lab with it, and the state says so before anything is taken down', async () => {
  const state = begun();
  const because = 'the evidence stream ended: the recorder or the engine is gone';
  const { open, seen, told } = building(state.run, (journal) => journal.record({ kind: 'aborted', because }));
  const journal = disk();
  await expect(keep(state, { glusterfs: '10.3' }, { open, journal, told: told.signal })).rejects.toThrow(
    because,
  );
  expect(seen).toMatchObject([{ ready: false, error: because }]);
  expect(journal.kept.map(({ kind }) => kind)).toEqual(['run-began', 'aborted']);
});

test('a history that can’t be kept any more takes the lab with it, though nothing can be recorded', async () => {
  const state = begun();
  const { open, seen, told } = building(state.run, (journal) => {
    expect(() => journal.record({ kind: 'note', text: 'networks made' })).toThrow('ENOSPC');
  });
  const keeping = keep(state, { glusterfs: '10.3' }, { open, journal: disk(1), told: told.signal });
  await expect(keeping).rejects.toThrow('no space left on device');
  expect(seen).toMatchObject([{ ready: false, error: expect.stringContaining('ENOSPC') as string }]);
});

test('a lab that can’t be opened leaves the reason in its state', async () => {
  const state = begun();
  const open = () => Promise.reject(new Error('no subnet is free'));
  const told = new AbortController().signal;
  const keeping = keep(state, { glusterfs: '10.3' }, { open, journal: disk(), told });
  await expect(keeping).rejects.toThrow('no subnet is free');
  expect(readState(state.run)).toMatchObject({ ready: false, error: 'no subnet is free' });
});

test('a lab that is told to stop while it is built has no error', async () => {
  const state = begun();
  const { open, told } = building(state.run, () => told.abort('SIGTERM'));
  const keeping = keep(state, { glusterfs: '10.3' }, { open, journal: disk(), told: told.signal });
  await expect(keeping).rejects.toThrow('interrupted (SIGTERM)');
  expect(readState(state.run)?.error).toBeUndefined();
});
