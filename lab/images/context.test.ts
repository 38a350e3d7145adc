import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint, packContext, readContext } from './context.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'healproof-context-'));
  await mkdir(join(folder, 'rootfs'));
  await writeFile(join(folder, 'Dockerfile'), 'FROM x\n');
  await writeFile(join(folder, 'rootfs/run'), '#!/bin/sh\n', { mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true }));

const read = (): ReturnType<typeof readContext> => readContext([{ from: folder, to: '' }]);

test('same files, same tag', async () => {
  expect(fingerprint(await read(), 'a')).toBe(fingerprint(await read(), 'a'));
});

test('what a run leaves behind and bits that git does not keep do not matter', async () => {
  const before = fingerprint(await read(), 'a');
  await mkdir(join(folder, 'rootfs/__pycache__'));
  await writeFile(join(folder, 'rootfs/__pycache__/x.pyc'), 'x');
  await chmod(join(folder, 'Dockerfile'), 0o600);
  expect(fingerprint(await read(), 'a')).toBe(before);
});

test.each<[string, () => Promise<void>]>([
  ['content', () => writeFile(join(folder, 'Dockerfile'), 'FROM y\n')],
  ['mode', () => chmod(join(folder, 'rootfs/run'), 0o644)],
  ['a new file', () => writeFile(join(folder, 'rootfs/z'), '')],
])('%s changes the tag', async (_, change) => {
  const before = fingerprint(await read(), 'a');
  await change();
  expect(fingerprint(await read(), 'a')).not.toBe(before);
});

test('the base changes the tag', async () => {
  const files = await read();
  expect(fingerprint(files, 'a')).not.toBe(fingerprint(files, 'b'));
});

test('a second folder goes below its name, and the archive holds all files', async () => {
  const files = await readContext([
    { from: folder, to: '' },
    { from: join(folder, 'rootfs'), to: 'more' },
  ]);
  expect(files.map(({ path }) => path)).toEqual(['Dockerfile', 'more/run', 'rootfs/run']);
  const bytes = Buffer.concat((await packContext(files).toArray()) as Buffer[]);
  expect(bytes.includes('more/run')).toBe(true);
});
