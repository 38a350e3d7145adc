import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { flyCanary } from './canary.ts';

const { signal } = new AbortController();

/** A folder that all "nodes" share, as they share a volume; `findmnt` says that it is one. */
function volume(): {
  readonly mount: string;
  readonly shell: (name: string, change?: (line: string) => string) => Shell;
} {
  const mount = mkdtempSync(join(tmpdir(), 'canary-'));
  const bin = mkdtempSync(join(tmpdir(), 'canary-bin-'));
  onTestFinished(() => {
    for (const folder of [mount, bin]) rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(bin, 'findmnt'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  return {
    mount,
    shell: (name, change = (line) => line) => ({
      node: node(name),
      run: (line) => {
        const done = spawnSync('sh', ['-c', change(line)], {
          encoding: 'utf8',
          env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
        });
        const { stdout, stderr } = done;
        return Promise.resolve({ kind: 'exited', exitCode: done.status ?? 1, stdout, stderr, tookMs: 1 });
      },
    }),
  };
}

test('written on one node, read on the others, and gone again', async () => {
  const { mount, shell } = volume();
  const found = await flyCanary([shell('pve1'), shell('pve2'), shell('pve3')], mount, signal);
  expect(found).toMatchObject({
    seen: true,
    writtenOn: 'pve1',
    reads: [
      { node: 'pve2', same: true },
      { node: 'pve3', same: true },
    ],
    deleted: true,
  });
  expect(readdirSync(mount)).toEqual([]);
});

test('other bytes are told, and nothing is left behind when a node can’t read', async () => {
  const { mount, shell } = volume();
  const other = shell('pve2', (line) => line.replace('sha256sum', 'printf x | sha256sum -; :'));
  expect(await flyCanary([shell('pve1'), other], mount, signal)).toMatchObject({ reads: [{ same: false }] });
  const blind = shell('pve2', () => 'exit 3');
  expect(await flyCanary([shell('pve1'), blind], mount, signal)).toMatchObject({
    seen: false,
    because: expect.stringMatching(/reading it on pve2/),
  });
  expect(readdirSync(mount)).toEqual([]);
});

test('a mount that can’t be one is refused before anything is run', async () => {
  const { shell } = volume();
  await expect(flyCanary([shell('pve1')], '/mnt; reboot', signal)).rejects.toThrow(/can't be where/);
});
