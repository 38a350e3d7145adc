import { expect, test } from 'vitest';
import { exporterCommand, listen } from './command.ts';

test.each([
  ['9924', { host: '127.0.0.1', port: 9924 }],
  [':0', { host: '127.0.0.1', port: 0 }],
  ['198.18.1.5:80', { host: '198.18.1.5', port: 80 }],
  ['localhost:9924', { host: 'localhost', port: 9924 }],
  ['[::1]:9924', { host: '::1', port: 9924 }],
])('%s is an address to listen at', (text, expected) => {
  expect(listen(text)).toEqual(expected);
});

test.each(['', 'pve1', '1.2.3.4:', '::1:9924', '1:70000', 'a:b'])('"%s" is none', (text) => {
  expect(() => listen(text)).toThrow('write an address and a port');
});

/** What a person reads, and the exit code. */
async function ran(...words: readonly string[]): Promise<readonly [number | undefined, readonly string[]]> {
  let code: number | undefined;
  const errors: string[] = [];
  const out = { line: () => undefined, error: (text: string) => void errors.push(text), colour: false };
  await exporterCommand((ended) => (code = ended), out).parseAsync([...words], { from: 'user' });
  return [code, errors];
}

test('nobody is asked when the question makes no sense', async () => {
  expect(await ran()).toEqual([3, [expect.stringMatching(/no node was named: give --hosts/)]]);
  expect(await ran('--local', '--hosts', 'pve1')).toEqual([
    3,
    [expect.stringMatching(/--local asks this node alone/)],
  ]);
  expect(await ran('--hosts', 'pve1', '--waive', 'D1')).toEqual([
    3,
    [expect.stringMatching(/write CODE=why/)],
  ]);
  expect(await ran('--hosts', 'pve1', '--only', 'Z9')).toEqual([
    3,
    [expect.stringMatching(/no condition Z9/)],
  ]);
});

test('a machine without GlusterFS has no volume to tell of', async () => {
  expect(await ran('--local')).toEqual([3, [expect.stringMatching(/^exporter: which volume: /)]]);
});
