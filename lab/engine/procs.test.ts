import { expect, test } from 'vitest';
import { orphanedBridges } from './bridges.ts';
import { formatCidr, isProgram, mountsBelow, overlaps, parseCidr, parseRoutes } from './procs.ts';

const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
br-8792d2b5eaef\t000012C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;

test('routes as the kernel prints them', () => {
  expect(parseRoutes(ROUTES).map((route) => `${formatCidr(route)} ${route.device}`)).toEqual([
    '0.0.0.0/0 eth0',
    '192.0.2.0/24 eth0',
    '198.18.0.0/24 br-8792d2b5eaef',
  ]);
  expect(parseRoutes('')).toEqual([]);
});

test.each([
  ['198.18.0.0/21', '198.18.7.0/24', true],
  ['198.18.0.0/21', '198.18.8.0/24', false],
  ['198.18.3.0/24', '198.0.0.0/8', true],
  ['0.0.0.0/0', '198.18.0.0/16', false],
])('%s and %s overlap: %s', (a, b, expected) => {
  expect(overlaps(parseCidr(a), parseCidr(b))).toBe(expected);
  expect(overlaps(parseCidr(b), parseCidr(a))).toBe(expected);
});

test('mounts below a folder, deepest first, with the odd characters they may have', () => {
  const mountinfo = [
    '22 1 8:1 / / rw - ext4 /dev/sda rw',
    '30 22 8:1 /c /c/engine/data rw - ext4 /dev/sda rw',
    '31 30 0:9 / /c/engine/data/overlay2/a\\040b/merged rw - overlay overlay rw',
    '32 22 8:1 / /c/engine-other/data rw - ext4 /dev/sda rw',
  ].join('\n');
  expect(mountsBelow(mountinfo, '/c/engine')).toEqual([
    '/c/engine/data/overlay2/a b/merged',
    '/c/engine/data',
  ]);
});

test('a program is told by its name, not by its arguments', () => {
  expect(isProgram(['/usr/sbin/dockerd', '-H', 'x'], 'dockerd')).toBe(true);
  expect(isProgram(['vi', 'dockerd'], 'dockerd')).toBe(false);
  expect(isProgram([], 'dockerd')).toBe(false);
});

test("bridges left by an engine: Docker's names, addresses of ours", () => {
  const on = (device: string, cidr: string) => ({ device, ...parseCidr(cidr) });
  const names = ['br-8792d2b5eaef', 'br-lan', 'br-000000000000', 'br-111111111111'];
  const routes = [
    on('br-8792d2b5eaef', '198.18.0.0/24'),
    on('br-lan', '198.18.1.0/24'),
    on('br-111111111111', '172.18.0.0/16'),
  ];
  expect(orphanedBridges(names, routes)).toEqual(['br-8792d2b5eaef']);
});
