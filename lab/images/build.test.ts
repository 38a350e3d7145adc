import { expect, test } from 'vitest';
import { parseBuildLine, stepOf } from './build.ts';
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
