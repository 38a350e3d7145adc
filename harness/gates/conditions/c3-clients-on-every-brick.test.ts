import { expect, it } from 'vitest';
import { processes, says, shut } from '../asking.fixture.ts';
import { extrasOf, STRANGER } from '../extras.fixture.ts';
import { NAMES, nodeOf, site, withExtra } from '../site.fixture.ts';

const addressOf = (name: string): string => `198.18.0.${11 + NAMES.findIndex((one) => one === name)}`;

it('a host that is connected to two bricks only, in every look', () => {
  const away = withExtra('pve3', {
    processes: processes('pve3', 'brick', (one) => [
      { ...one, connections: one.connections.filter(({ peer }) => peer.address !== STRANGER.address) },
    ]),
  });
  expect(shut([away])).toEqual({ C3: 'held' });
  expect(says(away, 'C3')).toBe('198.18.0.21 (1 connection) is not connected to brick pve3:/b');
  // It may just have begun to connect, or to leave.
  expect(shut([site(), away])).toEqual({});
  // However long everything was well before: the wound is younger than the window.
  expect(shut([site(), site(), away, away])).toEqual({ C3: 'held' });
});

it('a host with fewer connections to one brick, while others of its clients come and go', () => {
  const connected = (onOthers: number, onLast: number) =>
    site({
      nodes: NAMES.map((name) =>
        nodeOf(name, {
          extra: {
            ...extrasOf(name),
            processes: processes(name, 'brick', (one) => [
              {
                ...one,
                connections: [
                  ...one.connections.filter(({ peer }) => peer.address !== STRANGER.address),
                  ...Array.from({ length: name === 'pve3' ? onLast : onOthers }, (_, index) => ({
                    local: { address: addressOf(name), port: 5 },
                    peer: { ...STRANGER, port: 900 + index },
                  })),
                ],
              },
            ]),
          },
        }),
      ),
    });
  expect(shut([connected(5, 5), connected(6, 6)])).toEqual({});
  expect(shut([connected(5, 4), connected(6, 5)])).toEqual({ C3: 'held' });
  expect(says(connected(6, 5), 'C3')).toBe(
    '198.18.0.21 (6 connections) is connected to brick pve3:/b only 5 times',
  );
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
