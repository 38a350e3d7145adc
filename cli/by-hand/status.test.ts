import { expect, test } from 'vitest';
import type { Leftover } from '../../lab/index.ts';
import { site } from '../../scenarios/index.ts';
import type { LabState } from './labs.ts';
import { labRows, statusLines } from './status.ts';

const LAB: LabState = {
  run: 'lab-1',
  pid: 7,
  spec: site({ layout: 'replica-2', options: 'defaults' }),
  since: 1000,
  ready: true,
  machines: [{ name: 'pve1', container: 'hp-lab-1-pve1', lan: '198.18.1.11' }],
};
const thing = (kind: Leftover['kind'], run: string, pid: number): Leftover => ({
  kind,
  id: 'x',
  name: 'x',
  run,
  pid,
});
const ALIVE = { keeper: () => true, owner: () => true };
const DEAD = { keeper: () => false, owner: () => false };

test('a lab by hand is ready, being built, being given up, or has lost its keeper', () => {
  const stateOf = (lab: LabState, lives: typeof ALIVE) => labRows([lab], [], lives)[0]?.state;
  expect(stateOf(LAB, ALIVE)).toBe('ready');
  expect(stateOf({ ...LAB, ready: false }, ALIVE)).toBe('being built');
  expect(stateOf({ ...LAB, ready: false, error: 'the engine is gone' }, ALIVE)).toBe('being given up');
  expect(stateOf(LAB, DEAD)).toBe('keeper gone');
});

test('things on the engine are counted for their run, and runs without a state file are listed too', () => {
  const things = [
    thing('container', 'lab-1', 7),
    thing('network', 'lab-1', 7),
    thing('volume', 'r2', 9),
    thing('volume', 'r2', 9),
  ];
  const rows = labRows([LAB], things, DEAD);
  expect(rows.map(({ run, kind, state, pid, things: has }) => ({ run, kind, state, pid, has }))).toEqual([
    {
      run: 'lab-1',
      kind: 'by-hand',
      state: 'keeper gone',
      pid: 7,
      has: { container: 1, network: 1, volume: 0 },
    },
    { run: 'r2', kind: 'run', state: 'left over', pid: 9, has: { container: 0, network: 0, volume: 2 } },
  ]);
  expect(labRows([], things, ALIVE)[1]?.state).toBe('running');
});

test('the lines say what stands, and what to do about what nobody looks after', () => {
  expect(statusLines(labRows([LAB], [], ALIVE), 31_000)).toEqual([
    'lab-1: ready, replica-2 defaults, disk errors: panic, started 30 s ago, process 7',
    '  0 containers, 0 networks, 0 volumes',
    '  pve1         198.18.1.11     hp-lab-1-pve1',
  ]);
  expect(statusLines(labRows([LAB], [], DEAD), 31_000).at(-1)).toBe(
    '  nobody looks after it; remove it with: healproof prune',
  );
  const given = labRows([{ ...LAB, ready: false, error: 'the engine is gone' }], [], DEAD);
  expect(statusLines(given, 31_000)[1]).toBe('  the engine is gone');
  expect(statusLines([], 0)).toEqual(['No lab is up. Bring one up: healproof up']);
});
