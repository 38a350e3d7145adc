import { expect, it } from 'vitest';
import { HEALED, node } from '../../harness/index.ts';
import { questions } from './gate-question.ts';
import { replay } from './replay.ts';

const TWO_LOOKS = { ...HEALED, name: 'two', stability: { ...HEALED.stability, looks: 2, spanMs: 0 } };
const SIGNAL = new AbortController().signal;

const opener = (state: string) =>
  questions(replay(state), { volume: 'vmstore', waivers: [], gates: [TWO_LOOKS], site: {} });

it('a question counts the looks since it was opened, and none from before', async () => {
  const open = opener('healthy');
  const first = open('two', node('pve2'));
  expect((await first(SIGNAL)).stable).toBe(false);
  expect((await first(SIGNAL)).stable).toBe(true);
  expect((await open('two', node('pve2'))(SIGNAL)).stable).toBe(false);
});

it('answers every condition by itself, in its own word', async () => {
  const ask = opener('brick-down')('two', node('pve3'));
  const { rulings } = await ask(SIGNAL);
  expect(rulings).toHaveLength(HEALED.conditions.length);
  const kinds = Object.fromEntries(rulings.map(({ code, kind }) => [code, kind]));
  expect(kinds).toMatchObject({ B1: 'held', D2: 'unknown', E1: 'refused', A3b: 'open' });
});

it('a gate that is not there is named', () => {
  expect(() => opener('healthy')('three', node('pve2'))).toThrow(/no gate "three"/);
});
