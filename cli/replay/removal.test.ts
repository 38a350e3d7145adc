import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBundle } from '../../reports/index.ts';
import { site } from '../../scenarios/index.ts';
import { removeLabsOf } from './removal.ts';
import type { Removal } from './removal.ts';

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'healproof-removal-'));
  createBundle(join(out, 'a-night-run1'), {
    schema: 1,
    id: 'run1',
    scenario: 'a-night',
    title: 'A night',
    why: 'To see it',
    procedure: 'fixed-delay',
    volume: 'replica 2, defaults',
    site: site({ layout: 'replica-2', options: 'defaults' }),
    expected: { verdict: 'holds', broken: [] },
  });
});
afterEach(() => rmSync(out, { recursive: true }));

const THING = { kind: 'container', name: 'hp-run1-pve1' } as const;

/** `answers`: of one look after the other; the last one stays. */
async function remove(answers: readonly (readonly (typeof THING)[])[], stuck: readonly string[] = []) {
  let now = 0;
  let looks = 0;
  const swept: string[] = [];
  const removal: Removal = {
    find: (run) => {
      expect(run).toBe('run1');
      return Promise.resolve(answers[Math.min(looks++, answers.length - 1)] ?? []);
    },
    sweep: (run) => {
      swept.push(`${run} after ${Math.round(now / 1000)} s`);
      return Promise.resolve(stuck);
    },
    clock: {
      epochMs: () => now,
      pause: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    },
  };
  const said: string[] = [];
  await removeLabsOf(out, removal, (line) => said.push(line));
  return { said, swept, looks };
}

test('one empty look is not enough: something may still be being made', async () => {
  const { said, swept, looks } = await remove([[], [THING], [], []]);
  expect({ said, swept, looks }).toEqual({ said: ['no lab is left'], swept: [], looks: 4 });
});

test('what the janitor removes is left to it', async () => {
  const { said, swept } = await remove([...Array.from({ length: 8 }, () => [THING]), []]);
  expect({ said, swept }).toEqual({ said: ['no lab is left'], swept: [] });
});

test('without a janitor it is removed after half a minute, and what stays is named', async () => {
  const { said, swept } = await remove([[THING]], ['network hp-run1-lan: in use']);
  expect(swept).toEqual(['run1 after 30 s']);
  expect(said).toEqual([
    'could not remove network hp-run1-lan: in use; when the engine is well again: healproof prune',
  ]);
});
