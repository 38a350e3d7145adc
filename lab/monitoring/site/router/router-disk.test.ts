/** What a router says of its own disk, by the shipped script in a real shell. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'router-disk.sh');

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-router-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What node exporter reads after the script has run. */
function told(disk: string, folder: string, seconds: string): string {
  execFileSync('sh', [SCRIPT, 'router-a', disk, folder, seconds]);
  return readFileSync(join(folder, 'healproof_router_disk.prom'), 'utf8');
}
const says = (ok: 0 | 1): string => `healproof_router_disk_ok{router="router-a"} ${ok}\n`;

test('a disk that takes a write is well, and only the one file is for node exporter', () => {
  const folder = emptyFolder();
  expect(told(join(emptyFolder(), 'disk'), folder, '2')).toBe(says(1));
  expect(readdirSync(folder).toSorted()).toEqual(['healproof_router_disk.prom', 'written']);
});

test('one that can’t be written is not, whatever was said before', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'written'), '');
  expect(told(join(folder, 'no-such-folder/disk'), folder, '0.2')).toBe(says(0));
});

test('nor is one on which an earlier write still hangs, and no other write is begun', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'writing'), '');
  expect(told(join(folder, 'disk'), folder, '0.2')).toBe(says(0));
  expect(readdirSync(folder)).not.toContain('disk');
});
