import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LOOK_AGAIN_MS, node } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { gateKeeper } from './gate-keeper.ts';
import { replay } from './replay.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** Asks about pve2 while the site is in these states, one after the other; of each question, whether it was a whole look. */
function keeping(...states: readonly string[]) {
  let state = states[0] ?? '';
  let looked = false;
  const shells = ['pve1', 'pve2', 'pve3'].map((name): Shell => ({
    node: node(name),
    run: (line, options) => {
      looked ||= line.includes('peer status');
      const shell = replay(state).find((one) => one.node === name);
      if (shell === undefined) throw new Error(`no ${name} in ${state}`);
      return shell.run(line, options);
    },
  }));
  const ask = gateKeeper(shells, { volume: 'vmstore', waivers: [] });
  return async (now: string) => {
    state = now;
    looked = false;
    const { kind } = await ask('healed', node('pve2'), new AbortController().signal);
    return { kind, looked };
  };
}

test('while files are listed a glance is enough; after a while, and when none is listed any more, comes a look', async () => {
  const asked = keeping('sole-good-copy');
  const first = await asked('sole-good-copy');
  expect(first).toMatchObject({ looked: true });
  expect(await asked('sole-good-copy')).toEqual({ kind: first.kind, looked: false });
  vi.advanceTimersByTime(LOOK_AGAIN_MS + 5000);
  expect(await asked('sole-good-copy')).toMatchObject({ looked: true });
  expect(await asked('sole-good-copy')).toMatchObject({ looked: false });
  expect(await asked('healthy')).toMatchObject({ looked: true });
});

test('nothing is listed, or a node does not answer: every question is a look', async () => {
  const asked = keeping('healthy');
  await asked('healthy');
  expect(await asked('healthy')).toMatchObject({ looked: true });
  const other = keeping('sole-good-copy');
  await other('sole-good-copy');
  expect(await other('node-down')).toMatchObject({ looked: true });
});
