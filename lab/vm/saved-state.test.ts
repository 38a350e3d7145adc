import { expect, test } from 'vitest';
import { isOldState } from './saved-state.ts';

test('states of older images are old; those of the present ones, and other volumes, are not', () => {
  const keep = ['healproof/node:0123456789ab', 'healproof/outside:ba9876543210'];
  expect(isOldState('healproof-guest-state-healproof-node-0123456789ab', keep)).toBe(false);
  expect(isOldState('healproof-guest-state-healproof-node-ffffffffffff', keep)).toBe(true);
  expect(isOldState('healproof-node-ffffffffffff', keep)).toBe(false);
});
