import { expect, test } from 'vitest';
import { opening } from './opening.ts';

const said = (gate: Parameters<typeof opening>[0]['gate']): string =>
  opening({ states: 2, limitMs: 60_000, speed: 60, gate }).join(' ');

test('nothing real is contacted is promised only where there is no network', () => {
  expect(said({ network: 'none' })).toMatch(/^2 states, 60 s for each\. .*Nothing real is contacted/);
  expect(said('own')).toContain('Nothing real is contacted');
  expect(said({ network: 'of this machine' })).not.toContain('Nothing real');
  expect(said({ network: 'of this machine' })).toMatch(/unshare --net.*can reach the real network/);
});
