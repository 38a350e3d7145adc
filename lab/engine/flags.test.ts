import { expect, test } from 'vitest';
import { bridgeName, engineFlags, freeBridgeAddress } from './flags.ts';
import { enginePaths } from './paths.ts';
import type { Route } from './procs.ts';
import { parseCidr } from './procs.ts';

const paths = enginePaths({ XDG_CACHE_HOME: '/c' });
const route = (device: string, cidr: string): Route => ({ device, ...parseCidr(cidr) });

test('the bridge gets the last free /24', () => {
  expect(freeBridgeAddress([], 'hp')).toBe('198.19.255.1/24');
  expect(freeBridgeAddress([route('docker0', '198.19.255.0/24')], 'hp')).toBe('198.19.254.1/24');
  expect(freeBridgeAddress([route('tun0', '198.19.128.0/17')], 'hp')).toBe('198.19.127.1/24');
});

test('its own address from last time is not in its way', () => {
  expect(freeBridgeAddress([route('hp', '198.19.255.0/24')], 'hp')).toBe('198.19.255.1/24');
});

test('the default route takes nothing, a route over all of the range takes everything', () => {
  expect(freeBridgeAddress([route('eth0', '0.0.0.0/0')], 'hp')).toBe('198.19.255.1/24');
  expect(freeBridgeAddress([route('tun0', '198.16.0.0/12')], 'hp')).toBeUndefined();
});

test('engines of different folders have different bridges, with names that the kernel takes', () => {
  const other = enginePaths({ XDG_CACHE_HOME: '/d' });
  expect(bridgeName(paths)).not.toBe(bridgeName(other));
  expect(bridgeName(paths).length).toBeLessThanOrEqual(15);
});

test('nothing that others use is touched: no docker0, no iptables, no forwarding, no shared containerd', () => {
  const flags = engineFlags(paths);
  expect(flags).toContain(`--bridge=${bridgeName(paths)}`);
  expect(flags).toEqual(
    expect.arrayContaining(['--iptables=false', '--ip-forward=false', '--containerd-namespace=healproof']),
  );
  expect(flags.filter((flag) => /bip|default-address-pool/.test(flag))).toEqual([]);
});
