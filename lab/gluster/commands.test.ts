import { expect, it } from 'vitest';
import { extrasOfGate, FAST, HEALED } from '../../harness/index.ts';
import { checkPatterns, checkVolume, checkWords } from './ask.ts';
import { COMMANDS } from './commands.ts';

it('every command has its own deadline, says what it reads and why, and has a name of its own', () => {
  expect(new Set(COMMANDS.map((one) => one.name)).size).toBe(COMMANDS.length);
  for (const one of COMMANDS) {
    expect(one.limitSeconds).toBeGreaterThan(0);
    expect(one.reads.length).toBeGreaterThan(10);
    expect(one.why.length).toBeGreaterThan(10);
  }
});

it('nothing that writes, heals or can leave the volume locked is ever sent', () => {
  const cli = COMMANDS.flatMap((one) =>
    [...one.sh.matchAll(/gluster --mode=script (.*)/g)].map((found) => found[1]),
  );
  expect(cli).toEqual([
    '--timeout=8 --xml volume info "$V"',
    '--timeout=8 --xml peer status',
    '--timeout=8 --xml pool list',
    '--timeout=13 --xml volume status "$V"',
    '--timeout=13 --xml volume status "$V" clients',
    'volume heal "$V" info',
    '--xml volume heal "$V" info',
    'volume heal "$V" info split-brain',
  ]);
  const others = COMMANDS.flatMap(({ sh }) => [
    ...sh.matchAll(/\b(?:qm|pvecm|systemctl|journalctl|ip|bridge) [a-z-]\S*/g),
  ]);
  expect([...new Set(others.map(([words]) => words))].toSorted()).toEqual([
    'bridge fdb',
    'ip -o',
    'ip neigh',
    'journalctl -k',
    'pvecm status',
    'qm list)',
    'qm status',
    'systemctl is-system-running',
    'systemctl list-jobs',
    'systemctl show',
  ]);
  // Opens a connection and sends nothing: the one `>` that writes no file.
  const connects = 'exec 3<>"/dev/tcp/$0/$1"';
  expect(COMMANDS.filter(({ sh }) => sh.includes(connects)).map(({ name }) => name)).toEqual(['reach']);
  for (const { sh } of COMMANDS.map((one) => ({ sh: one.sh.replace(connects, '') }))) {
    expect(sh).not.toMatch(/statistics|heal-count|get-state|\brm\b|\bmv\b|setfattr|\bkill|[^0-9&]>(?!&)/);
  }
});

it('names that would become part of a shell line are checked', () => {
  expect(() => checkVolume('v; reboot')).toThrow(/name of a volume/);
  expect(() => checkPatterns(['images/*/*', '../x'])).toThrow(/pattern/);
  expect(() => checkPatterns(['images/$(x)'])).toThrow(/pattern/);
  expect(() => checkWords(['/mnt/backup/dump', '/a b'], [])).toThrow(/folder/);
  expect(() => checkWords(['/a/../b'], [])).toThrow(/folder/);
  expect(() => checkWords([], ['198.18.0.1', '$(x)'])).toThrow(/address/);
});

it('only what takes the volume’s lock says so, and no command of the fast profile does', () => {
  expect(COMMANDS.filter((one) => one.lock === 'volume').map((one) => one.name)).toEqual([
    'volume-status',
    'volume-status-clients',
  ]);
  const fast = [...extrasOfGate(FAST)];
  expect(fast.toSorted()).toEqual(['config', 'processes', 'reach', 'storage', 'volumes']);
});

it('the gate of the nights asks for nothing beyond what every look holds', () => {
  expect([...extrasOfGate(HEALED)]).toEqual([]);
});
