import { expect, test } from 'vitest';
import type { Machine } from './setup.ts';
import { isDebianLike, planEngineSetup, SetupNeeded } from './setup.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const FEDORA = 'PRETTY_NAME="Fedora Linux 43"\nID=fedora\n';
const HAS_ALL = { dockerd: true, ip: true };
const HAS_IP = { dockerd: false, ip: true };
const machine = (osRelease: string, root: boolean, hasApt = true): Machine => ({ osRelease, root, hasApt });

test.each([
  [DEBIAN, true],
  [UBUNTU, true],
  [MINT, true],
  [FEDORA, false],
  ['ID=notdebian\nID_LIKE="rhel"\n', false],
  ['', false],
])('is %j Debian or like it: %s', (osRelease, like) => {
  expect(isDebianLike(osRelease)).toBe(like);
});

test('root on Debian: installs what is missing', () => {
  expect(planEngineSetup(machine(DEBIAN, true), HAS_IP)).toEqual({
    kind: 'install',
    packages: ['docker.io'],
  });
  expect(planEngineSetup(machine(DEBIAN, true), HAS_ALL)).toEqual({ kind: 'install', packages: [] });
  // A bare machine: docker.io does not depend on what makes its bridge.
  expect(planEngineSetup(machine(DEBIAN, true), { dockerd: false, ip: false })).toEqual({
    kind: 'install',
    packages: ['docker.io', 'iproute2'],
  });
});

test('root elsewhere with dockerd: only starts it', () => {
  expect(planEngineSetup(machine(FEDORA, true, false), HAS_ALL)).toEqual({ kind: 'install', packages: [] });
});

test('a user on Ubuntu gets the exact commands', () => {
  expect(planEngineSetup(machine(UBUNTU, false), HAS_IP)).toMatchObject({
    kind: 'ask',
    commands: [
      'sudo apt-get update && sudo apt-get install -y docker.io',
      'sudo usermod -aG docker "$USER" && newgrp docker',
      './healproof doctor',
    ],
  });
});

test('a user where dockerd is installed is told how to start it', () => {
  const plan = planEngineSetup(machine(UBUNTU, false), HAS_ALL);
  expect(plan.kind === 'ask' && plan.commands[0]).toContain('sudo systemctl start docker');
  // An engine that root starts for itself lies in root's own folder, where nobody else finds it.
  expect(plan.kind === 'ask' && plan.commands.join('\n')).not.toContain('sudo ./healproof');
});

test('another distribution is named, and nothing is installed on it', () => {
  const plan = planEngineSetup(machine(FEDORA, true, false), HAS_IP);
  expect(plan).toMatchObject({ kind: 'ask', because: expect.stringContaining('this is Fedora Linux 43') });
});

test('the message shows the commands, indented', () => {
  expect(new SetupNeeded('No engine.', ['a', 'b']).message).toBe('No engine.\nRun:\n    a\n    b');
  expect(new SetupNeeded('No engine.', []).message).toBe('No engine.');
});
