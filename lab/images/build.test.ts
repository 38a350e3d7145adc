import { mkdtemp, rm, symlink } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildImage, parseBuildLine, stepOf } from './build.ts';
import { oldNames } from './prune.ts';

test('output, errors and what is not JSON', () => {
  expect(parseBuildLine('{"stream":"Step 1/2 : FROM x\\n"}')).toEqual({ text: 'Step 1/2 : FROM x\n' });
  expect(parseBuildLine('{"errorDetail":{"code":100,"message":"no"},"error":"no"}')).toEqual({
    text: 'no\n',
    error: 'no',
  });
  expect(parseBuildLine('proxy says hello')).toEqual({ text: 'proxy says hello\n' });
});

test('steps are told, other output is not', () => {
  expect(stepOf('Step 3/12 : RUN apt-get update')).toBe('step 3 of 12: RUN apt-get update');
  expect(stepOf('Get:1 http://mirror.example/debian bookworm InRelease')).toBeUndefined();
});

test('old images: ours, untagged ones by id, never what is to be kept or named by others', () => {
  const images = [
    { Id: 'sha256:1', RepoTags: ['healproof/node:new', 'someone/node:1'] },
    { Id: 'sha256:2', RepoTags: ['healproof/node:old'] },
    { Id: 'sha256:3', RepoTags: null },
    { Id: 'sha256:4', RepoTags: ['<none>:<none>'] },
  ];
  expect(oldNames(images, ['healproof/node:new'])).toEqual(['healproof/node:old', 'sha256:3', 'sha256:4']);
});

/** A build on an engine that answers so, with a log on a disk that is full. */
async function buildWithoutRoom(answer: readonly object[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'healproof-build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end(answer.map((line) => `${JSON.stringify(line)}\n`).join('')));
  });
  await new Promise<void>((done) => server.listen(join(folder, 'docker.sock'), done));
  onTestFinished(() => void server.close());
  const logPath = join(folder, 'build.log');
  await symlink('/dev/full', logPath);
  await buildImage({
    host: `unix://${folder}/docker.sock`,
    tag: 'healproof/node:1',
    base: 'debian:bookworm',
    files: [],
    logPath,
    say: () => undefined,
    env: {},
  });
}

test('a log that can’t be kept does not end a build that works', async () => {
  await expect(buildWithoutRoom([{ stream: 'Step 1/1 : FROM x\n' }])).resolves.toBeUndefined();
});

test('a build that fails tells its end, and that there is no whole log', async () => {
  const building = buildWithoutRoom([{ stream: 'Step 1/1 : FROM x\n' }, { error: 'no such image' }]);
  await expect(building).rejects.toThrow(
    /no such image\nThe log could not be kept in \S+: .*ENOSPC[^]*FROM x/,
  );
});
