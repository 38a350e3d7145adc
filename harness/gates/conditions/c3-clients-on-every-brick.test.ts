import { expect, it } from 'vitest';
import { processes, says, shut } from '../asking.fixture.ts';
import { STRANGER } from '../extras.fixture.ts';
import { site, withExtra } from '../site.fixture.ts';

it('a host that is connected to two bricks only, in every look', () => {
  const away = withExtra('pve3', {
    processes: processes('pve3', 'brick', (one) => [
      { ...one, connections: one.connections.filter(({ peer }) => peer.address !== STRANGER.address) },
    ]),
  });
  expect(shut([away])).toEqual({ C3: 'held' });
  expect(says(away, 'C3')).toBe('198.18.0.21 (1 connection) is not connected to brick pve3:/b');
  expect(shut([site(), away])).toEqual({});
});

it('names the mount that a brick does not know', () => {
  const away = withExtra('pve3', {
    processes: processes('pve3', 'brick', (one) => [
      {
        ...one,
        connections: one.connections.filter(
          ({ peer }) => !(peer.address === '198.18.0.11' && peer.port > 1100),
        ),
      },
    ]),
  });
  expect(says(away, 'C3')).toBe('the mount pve1:/mnt is not connected to brick pve3:/b');
});
