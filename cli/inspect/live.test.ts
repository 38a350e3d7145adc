import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { Site } from '../../lab/on-site.ts';
import { inspect } from './command.ts';
import { inspectLive } from './live.ts';

const unreachable: Site = {
  shells: () =>
    ['pve1', 'pve2'].map((name) => ({
      node: node(name),
      run: () => Promise.resolve({ kind: 'cut-off' as const, because: 'connection refused' }),
    })),
  waivers: () => [],
  description: () => ({}),
  volume: undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
const nowhere = { out: () => undefined, err: () => undefined };

test('a site of which no node answers is an error that says so, not an answer', async () => {
  const { signal } = new AbortController();
  await expect(inspectLive(unreachable, {}, nowhere, signal)).rejects.toThrow(
    /which volume: no node could be asked \(pve1: .*connection refused.*pve2: /,
  );
});

test('folders and a site at once are refused; a host that is not known is undecidable, not clean', async () => {
  let err = '';
  const output = { out: () => undefined, err: (text: string) => (err += text) };
  expect(await inspect({ bricks: ['a=b', 'c=d'], hosts: ['pve1'] }, output)).toBe(2);
  expect(err).toContain('either folders, or --lab, --hosts or --inventory');
});
