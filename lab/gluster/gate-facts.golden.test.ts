/** Real answers of GlusterFS, from the shell line to the gate's ruling. Each state has to flip its conditions and no others. */
import { describe, expect, it } from 'vitest';
import { extrasOfGate, FAST, FULL, HEALED, judgeGate, node } from '../../harness/index.ts';
import type { Answer, Gate, GateFacts, Shell, Waiver } from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';
import { replay } from './replay.ts';

/** The same look three times a second apart: what a stable window is made of. */
async function asked(state: string, target: string, waivers: readonly Waiver[] = []): Promise<Answer> {
  const facts = await gateFacts(replay(state), 'vmstore', 'full');
  const looks = [2000, 1000, 0].map((ago): GateFacts => ({ ...facts, atMs: facts.atMs - ago }));
  return judgeGate(HEALED, { node: node(target), waivers }, looks);
}

const shut = (answer: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    answer.rulings.filter((one) => one.decision.kind !== 'open').map((one) => [one.code, one.decision.kind]),
  );

describe('the gate "healed" on captured states', () => {
  it.each(['healthy', 'live-writer'])('opens: %s', async (state) => {
    const answer = await asked(state, 'pve2');
    expect(answer.sentences).toEqual([]);
    expect(answer.kind).toBe('open');
    expect(answer.rulings).toHaveLength(HEALED.conditions.length);
  });

  it('brick down: quorum refuses, the rest waits', async () => {
    const answer = await asked('brick-down', 'pve3');
    expect(shut(answer)).toEqual({
      B1: 'held',
      C2: 'held',
      D1: 'held',
      D2: 'unknown',
      D3: 'unknown',
      D4: 'held',
      D6: 'held',
      E1: 'refused',
    });
    expect(answer.kind).toBe('refused');
    expect(answer.worthWaiting).toBe(true);
  });

  it('two bricks stale: the node with the only good copy may not go', async () => {
    const answer = await asked('sole-good-copy', 'pve3');
    expect(shut(answer)).toEqual({
      A3b: 'refused',
      // Switched off, the daemons have no rows.
      B1: 'unknown',
      D1: 'held',
      D2: 'held',
      D4: 'held',
      D6: 'refused',
    });
    expect(answer.sentences.find((one) => one.startsWith('D6'))).toMatch(
      /pve3 holds the only good copy of \d+ files/,
    );
  });

  it('the same state, another node: its copies are not all good', async () => {
    const answer = await asked('sole-good-copy', 'pve1');
    expect(shut(answer)['D6']).toBe('held');
  });

  it('split-brain on replica 2: refused, and waiting is of no use', async () => {
    const answer = await asked('split-brain', 'pve1', [
      { condition: 'A3a', why: 'this site has two bricks by design' },
    ]);
    expect(shut(answer)).toMatchObject({ A3a: 'refused', D3: 'refused', D6: 'refused' });
    expect(answer.worthWaiting).toBe(false);
    expect(answer.rulings.find((one) => one.code === 'A3a')?.waived).toBe(
      'this site has two bricks by design',
    );
    expect(answer.sentences.join('\n')).not.toMatch(/A3a/);
    expect(answer.sentences.join('\n')).toMatch(/as in split-brain/);
  });

  it('a node is away: whatever needs it is not known', async () => {
    const answer = await asked('node-down', 'pve1');
    expect(shut(answer)).toMatchObject({
      A2: 'unknown',
      B1: 'unknown',
      C2: 'unknown',
      D1: 'unknown',
      D4: 'unknown',
      D2: 'held',
      E2: 'refused',
    });
  });

  it('glusterd stopped, brick alive: clients are connected, but what glusterd tells is missing', async () => {
    const answer = await asked('glusterd-stopped', 'pve1');
    expect(shut(answer)).toMatchObject({ A2: 'unknown', B1: 'unknown', D2: 'unknown' });
    expect(shut(answer)).not.toHaveProperty('C2');
  });
});

it('profile fast answers what it can, and says of the rest that it was not asked', async () => {
  const facts = await gateFacts(replay('healthy'), 'vmstore', 'fast');
  expect(facts.bricks.every((one) => one.seen)).toBe(true);
  const answer = judgeGate(HEALED, { node: node('pve2'), waivers: [] }, [facts]);
  const known = answer.rulings.filter((one) => one.decision.kind === 'open').map((one) => one.code);
  expect(known).toEqual(HEALED.conditions.filter((one) => one.needs === 'fast').map((one) => one.code));
});

it('a look costs round trips only for what the gate asks: the nights’ gate none, the fast one a single one more per node', async () => {
  const lines = async (gate: Gate): Promise<number> => {
    let count = 0;
    const counting = replay('healthy').map((shell): Shell => ({
      node: shell.node,
      run: (line, options) => {
        count += 1;
        return shell.run(line, options);
      },
    }));
    await gateFacts(counting, 'vmstore', gate.profile, { extras: extrasOfGate(gate) });
    return count;
  };
  // Raw files, glusterd's own tables, audit and status of three nodes; heal info of two, and the rest of it when that did not hang.
  expect(await lines(HEALED)).toBe(3 * 4 + 2 * 2);
  // Raw files, and whether bricks can be reached.
  expect(await lines(FAST)).toBe(3 * 2);
  // The nights' look, what surrounds the volume and reach of three nodes, clients by one.
  expect(await lines(FULL)).toBe(3 * 6 + 2 * 2 + 1);
});
