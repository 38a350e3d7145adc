/**
 * Condition by fault: real answers of GlusterFS in each captured state, judged by every condition that a plain cluster of three machines
 * can have. What is not named is open: a fault flips its own conditions and no others.
 */
import { expect, it } from 'vitest';
import { DEEP, extrasOfGate, judgeGate, node, withStability } from '../../harness/index.ts';
import type { Answer, GateFacts } from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';
import { replay } from './replay.fixture.ts';

/** The machines of a capture are asked one after the other, have been up for seconds, and have no kernel log, guests or description. */
const gate = withStability(DEEP, { looks: 1, spanMs: 0, soakMs: 3000 });
const WAIVED = ['B3c', 'B3e', 'E4a', 'F2', 'F3', 'F4', 'F5'].map((condition) => ({
  condition,
  why: 'a capture',
}));

async function asked(state: string, target: string): Promise<Answer> {
  const facts = await gateFacts(replay(state), 'vmstore', 'deep', {
    extras: extrasOfGate(gate),
    folders: ['/mnt/backup'],
  });
  const looks: readonly GateFacts[] = [facts];
  return judgeGate(gate, { node: node(target), waivers: WAIVED }, looks);
}

const shut = ({ rulings }: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rulings
      .filter((one) => one.waived === undefined && one.decision.kind !== 'open')
      .map((one) => [one.code, one.decision.kind]),
  );

it.each<[state: string, target: string, expected: Readonly<Record<string, string>>]>([
  ['healthy', 'pve2', {}],
  ['live-writer', 'pve2', {}],
  ['healer-stopped', 'pve3', { C1: 'held' }],
  [
    'brick-stopped',
    'pve3',
    {
      A3a: 'unknown',
      A4: 'unknown',
      A5: 'unknown',
      B1: 'unknown',
      B2: 'unknown',
      B3b: 'held',
      C2: 'unknown',
      C3: 'held',
      D2: 'held',
      D3: 'held',
      D7: 'held',
      E1: 'unknown',
    },
  ],
  ['new-connections-refused', 'pve1', { C5: 'held', D2: 'unknown', D3: 'unknown' }],
  ['bytes-differ', 'pve1', { D5: 'refused' }],
  [
    'file-system-away',
    'pve3',
    {
      B1: 'held',
      B3a: 'unknown',
      B3b: 'unknown',
      B3d: 'unknown',
      C1: 'unknown',
      C2: 'held',
      C3: 'unknown',
      C5: 'unknown',
      D1: 'unknown',
      D2: 'unknown',
      D3: 'unknown',
      D4: 'unknown',
      D5: 'unknown',
      D6: 'unknown',
      D8: 'unknown',
      E1: 'refused',
    },
  ],
  ['records-differ', 'pve1', { A1: 'refused' }],
  [
    'brick-down',
    'pve3',
    {
      B1: 'held',
      B3b: 'held',
      C1: 'held',
      C2: 'held',
      C3: 'held',
      C5: 'held',
      D1: 'held',
      D2: 'unknown',
      D3: 'unknown',
      D4: 'held',
      D6: 'held',
      D8: 'held',
      E1: 'refused',
    },
  ],
  [
    'sole-good-copy',
    'pve3',
    { A3b: 'refused', B1: 'unknown', D1: 'held', D2: 'held', D4: 'held', D6: 'refused', D8: 'held' },
  ],
  [
    'node-down',
    'pve1',
    {
      A1: 'unknown',
      A2: 'unknown',
      A3b: 'unknown',
      A3c: 'unknown',
      A4: 'unknown',
      A5: 'unknown',
      B0: 'unknown',
      B1: 'unknown',
      B2: 'unknown',
      B3a: 'unknown',
      B3b: 'unknown',
      B3d: 'unknown',
      C1: 'unknown',
      C2: 'unknown',
      C3: 'unknown',
      C5: 'unknown',
      D1: 'unknown',
      D2: 'held',
      D3: 'held',
      D4: 'unknown',
      D5: 'unknown',
      D6: 'unknown',
      D7: 'unknown',
      D8: 'unknown',
      E1: 'unknown',
      E2: 'refused',
      E3: 'refused',
      E4b: 'unknown',
      E4c: 'unknown',
      F1: 'unknown',
    },
  ],
  [
    'glusterd-stopped',
    'pve1',
    {
      A1: 'unknown',
      A2: 'unknown',
      A3b: 'unknown',
      A3c: 'unknown',
      A4: 'unknown',
      A5: 'unknown',
      B1: 'unknown',
      B2: 'unknown',
      D2: 'unknown',
      D3: 'unknown',
      E2: 'refused',
    },
  ],
  [
    'split-brain',
    'pve1',
    {
      A3a: 'refused',
      A3b: 'refused',
      B1: 'unknown',
      D1: 'held',
      D2: 'held',
      D3: 'refused',
      D4: 'held',
      D6: 'refused',
      D8: 'held',
    },
  ],
])('%s', async (state, target, expected) => {
  expect(shut(await asked(state, target))).toEqual(expected);
});
