import { describe, expect, test } from 'vitest';
import type { FileInput } from './aspect.ts';
import { Images, type ImageVerdict } from './image.ts';
import { judgeFile } from './judge.ts';
import { file, GFID, log, replicas, type CopyWords } from './testing.fixture.ts';

const shard = (n: number): string => `/.shard/${GFID}.${n}`;
const circle = [1, 2, 0].map((on): CopyWords => ({ accuses: { [on]: log(1) } }));
const everybody = [0, 1, 2].map((i): CopyWords => ({
  accuses: Object.fromEntries([0, 1, 2].filter((j) => j !== i).map((j) => [j, log(1)])),
}));
const healthy = [undefined, undefined, undefined];

function image(
  parts: Readonly<Record<string, readonly (CopyWords | undefined)[]>>,
  bricks = 3,
): ImageVerdict | undefined {
  const images = new Images((gfid) => gfid === GFID);
  const set = replicas(bricks);
  for (const [path, words] of Object.entries(parts)) {
    const input: FileInput = { ...file(...words), path };
    images.add(judgeFile(set, input));
  }
  return images.verdicts()[0];
}

describe('an image is its base file and its shards', () => {
  test('clean only when every part is', () => {
    expect(image({ '/img': healthy, [shard(1)]: healthy, [shard(7)]: healthy })).toMatchObject({
      path: '/img',
      files: 3,
      state: 'clean',
      reads: { result: 'newest' },
    });
  });
  test('a base file that can not be opened makes all of it unreadable, in its own way', () => {
    const split = image(
      {
        [shard(1)]: [{ accuses: { 1: log(1) } }, { accuses: { 0: log(1) } }],
        '/img': [undefined, undefined],
      },
      2,
    );
    expect(split?.reads).toMatchObject({ result: 'EIO' });
    expect(split?.reads.because).toContain('on the affected blocks');
    const base = image({ '/img': circle, [shard(1)]: healthy });
    expect(base?.reads).toMatchObject({ result: 'ENOTCONN' });
    expect(base?.reads.because).toContain("the base file can't be opened");
  });
  test('an unreadable shard spoils its blocks only', () => {
    const verdict = image({ '/img': healthy, [shard(1)]: everybody });
    expect(verdict).toMatchObject({
      state: 'split-brain',
      affected: [shard(1)],
      states: { clean: 1, 'split-brain': 1 },
    });
    expect(verdict?.reads.because).toContain('on the affected blocks');
  });
  test('going down is judged by the worst part, choosing by how many parts lose', () => {
    const sole = [{ accuses: { 1: log(1), 2: log(1) } }, undefined, undefined];
    const verdict = image({ '/img': healthy, [shard(1)]: sole, [shard(2)]: sole });
    expect(verdict?.ifDown['b0']).toEqual({ reads: 'old', writes: 'ok' });
    expect(verdict?.ifSource).toEqual({
      b0: { losesIn: 0, unknownIn: 0 },
      b1: { losesIn: 2, unknownIn: 0 },
      b2: { losesIn: 2, unknownIn: 0 },
    });
  });
  test('shards without a base file are never clean', () => {
    expect(image({ [shard(1)]: healthy })).toMatchObject({ path: `<gfid:${GFID}>`, state: 'undecidable' });
  });
  test('a plain file is no image', () => {
    const images = new Images(() => false);
    images.add(judgeFile(replicas(3), { ...file(...healthy), path: '/plain' }));
    expect(images.verdicts()).toEqual([]);
  });
});
