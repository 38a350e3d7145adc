import { expect, it } from 'vitest';
import { checkPatterns, checkVolume } from './ask.ts';
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
    'volume heal "$V" info',
    '--xml volume heal "$V" info',
    'volume heal "$V" info split-brain',
  ]);
  for (const { sh } of COMMANDS) {
    expect(sh).not.toMatch(/statistics|heal-count|\brm\b|\bmv\b|setfattr|\bkill|[^0-9&]>(?!&)/);
  }
});

it('names that would become part of a shell line are checked', () => {
  expect(() => checkVolume('v; reboot')).toThrow(/name of a volume/);
  expect(() => checkPatterns(['images/*/*', '../x'])).toThrow(/pattern/);
  expect(() => checkPatterns(['images/$(x)'])).toThrow(/pattern/);
});
