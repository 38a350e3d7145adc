import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { site } from '../../scenarios/index.ts';
import {
  dropState,
  folderOf,
  keeperLives,
  labsFolder,
  labStates,
  ownerLives,
  readState,
  runsWithFolder,
  takeFolder,
  theLab,
  writeState,
} from './labs.ts';
import type { LabState } from './labs.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'healproof-labs-'));
  vi.stubEnv('XDG_STATE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const lab = (run: string): LabState => ({
  run,
  pid: process.pid,
  spec: site({ layout: 'replica-3', options: 'virt' }),
  since: 1000,
  ready: true,
  machines: [
    { name: 'pve1', container: `hp-${run}-pve1`, lan: '198.18.1.11' },
    { name: 'customer', container: `hp-${run}-customer` },
  ],
});

test('the folder follows XDG_STATE_HOME, and without it is below the home', () => {
  expect(labsFolder({ XDG_STATE_HOME: '/state' })).toBe('/state/healproof/labs');
  expect(labsFolder({ XDG_STATE_HOME: '' })).toMatch(/\/\.local\/state\/healproof\/labs$/);
});

test('a state is read as it was written, until it is dropped', () => {
  const run = takeFolder();
  expect(labStates()).toEqual([]);
  writeState(lab(run));
  expect(labStates()).toEqual([lab(run)]);
  dropState(run);
  expect(labStates()).toEqual([]);
  expect(runsWithFolder()).toEqual([run]);
});

test('a state that is cut off or says something else is no lab', () => {
  const run = takeFolder();
  for (const text of ['{"run": "lab', '{"run": "lab-1", "pid": "7"}', '[]']) {
    writeFileSync(join(folderOf(run), 'state.json'), text);
    expect(readState(run)).toBeUndefined();
  }
});

test('no folder at all is no lab', () => {
  expect(runsWithFolder()).toEqual([]);
});

test('a process that runs is not a keeper because it has the number of one', () => {
  expect(keeperLives(lab('lab-1'))).toBe(false);
  expect(ownerLives(process.pid)).toBe(true);
  expect(ownerLives(0)).toBe(false);
});

test('the only lab needs no name; of several one must be named', () => {
  const [one, two] = [lab('lab-1'), lab('lab-2')];
  expect(theLab([one], undefined)).toBe(one);
  expect(theLab([one, two], 'lab-2')).toBe(two);
  expect(() => theLab([], undefined)).toThrow('no lab is up; bring one up: healproof up');
  expect(() => theLab([one, two], undefined)).toThrow('name one with --run: lab-1, lab-2');
  expect(() => theLab([one], 'lab-9')).toThrow('there is no lab lab-9; there are lab-1');
});
