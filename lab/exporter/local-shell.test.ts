import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { localShell } from './local-shell.ts';

it('is this machine by its short name, or by the name it is given', () => {
  expect(localShell().node).toBe(hostname().split('.')[0]);
  expect(localShell('pve7').node).toBe('pve7');
});

it('answers with both outputs and the exit code; what takes too long is told as such', async () => {
  const shell = localShell('pve1');
  expect(await shell.run('echo out; echo err >&2; exit 3', { limitMs: 5000 })).toMatchObject({
    kind: 'exited',
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(await shell.run('echo first; sleep 20', { limitMs: 300 })).toMatchObject({
    kind: 'timed-out',
    stdout: 'first\n',
    afterMs: 300,
  });
});
