import { describe, expect, test } from 'vitest';
import { node } from '../model/names.ts';
import { Script, historyOf } from '../testing/drafts.ts';
import { isReboot, rebootsOf } from './reboots.ts';

describe('a command that takes its node down', () => {
  test.each([
    'reboot',
    ' reboot -f',
    '/sbin/reboot',
    'sync && reboot',
    'sudo shutdown -r now',
    'systemctl reboot',
    'systemctl --force reboot',
    'if [ -e /run/reboot-required ]; then reboot; fi',
  ])('is: %s', (line) => expect(isReboot(line)).toBe(true));
  test.each([
    'qm shutdown 101',
    'test -e /run/reboot-required',
    'echo reboot',
    'apt-get install reboot-notifier',
    'ask gate reboot for pve1',
    'cat reboot-required',
  ])('is not: %s', (line) => expect(isReboot(line)).toBe(false));
});

const WINDOW = { fromMs: 0, toMs: 100_000 };
const [pve1, pve2] = [node('pve1'), node('pve2')];

describe('a reboot', () => {
  test('is a step that says so, and the node that goes down in it is the same reboot', () => {
    const script = new Script();
    const step = script.at(1000, { kind: 'step-began', step: 'reboot pve1', node: pve1, command: 'reboot' });
    script.at(2000, { kind: 'node', node: pve1, state: 'down' });
    script.at(9000, { kind: 'step-ended', of: step, outcome: { kind: 'done', output: '' } });
    expect(rebootsOf(historyOf(script.drafts), WINDOW)).toEqual([
      expect.objectContaining({ node: pve1, atMs: 1000, seq: 0 }),
    ]);
  });

  test('is a node that goes down though no step says so', () => {
    const script = new Script();
    script.at(1000, { kind: 'step-began', step: 'upgrade all', node: pve1, command: './upgrade.sh' });
    script.at(2000, { kind: 'node', node: pve2, state: 'down' });
    script.at(2100, { kind: 'node', node: pve2, state: 'down' });
    expect(rebootsOf(historyOf(script.drafts), WINDOW)).toEqual([
      { node: pve2, atMs: 2000, seq: 1, step: undefined, ended: undefined },
    ]);
  });

  test('is not a node that a fault takes down', () => {
    const script = new Script();
    const fault = script.at(1000, { kind: 'fault-began', fault: 'power loss', target: 'pve2' });
    script.at(1500, { kind: 'node', node: pve2, state: 'down' });
    script.at(3000, { kind: 'fault-ended', of: fault });
    script.at(3100, { kind: 'node', node: pve2, state: 'up' });
    script.at(9000, { kind: 'node', node: pve2, state: 'down' });
    expect(rebootsOf(historyOf(script.drafts), WINDOW).map(({ atMs }) => atMs)).toEqual([9000]);
  });

  test('is not a step that was cut off, unless the node was seen to go', () => {
    const script = new Script();
    const lost = script.at(1000, { kind: 'step-began', step: 'reboot pve1', node: pve1, command: 'reboot' });
    script.at(2000, { kind: 'step-ended', of: lost, outcome: { kind: 'cut-off', because: 'no route' } });
    const heard = script.at(30_000, {
      kind: 'step-began',
      step: 'reboot pve2',
      node: pve2,
      command: 'reboot',
    });
    script.at(30_500, { kind: 'step-ended', of: heard, outcome: { kind: 'cut-off', because: 'closed' } });
    script.at(34_000, { kind: 'node', node: pve2, state: 'down' });
    expect(rebootsOf(historyOf(script.drafts), WINDOW).map(({ node: name }) => name)).toEqual([pve2]);
  });
});
