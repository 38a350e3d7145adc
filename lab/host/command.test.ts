import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eachLine, lock, runCommand, tailOf } from './index.ts';

test('no start-up file of the person’s shell is read, not even where nobody is logged in', async () => {
  const home = mkdtempSync(join(tmpdir(), 'healproof-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, '.bashrc'), 'echo read >&2\n');
  const result = await runCommand(['true'], { limitMs: 5000, env: { HOME: home, SHLVL: '0' } });
  expect(result).toMatchObject({ code: 0, stderr: '' });
});

test('a program gets its arguments as they are, and its end is told', async () => {
  const result = await runCommand(
    ['sh', '-c', 'printf "%s" "$1"; echo bad >&2; exit 3', 'sh', '$HOME `x` *'],
    {
      limitMs: 10_000,
    },
  );
  expect(result).toEqual({ code: 3, stdout: '$HOME `x` *', stderr: 'bad\n', timedOut: false });
  expect(tailOf(result)).toBe('ended with 3:\nbad');
});

test('one that does not end is ended, with what it has started', async () => {
  // the sleep below the shell holds the output open: without its end there is no result before it
  const result = await runCommand(['sh', '-c', 'sleep 30; true'], { limitMs: 100 });
  expect(result).toMatchObject({ code: null, timedOut: true });
  expect(tailOf(result)).toBe('did not end in time, without a word');
});

test('chunks become lines, whatever ends them', () => {
  const lines: string[] = [];
  const feed = eachLine((line) => lines.push(line));
  feed('one\ntw');
  feed('o\r');
  feed('50%\r100%\r\n\nrest');
  expect(lines).toEqual(['one', 'two', '50%', '100%']);
});

test('one at a time, in this process too; the next one learns who it waits for', async () => {
  const name = `/test/${process.pid}/${Math.random()}`;
  const order: string[] = [];
  const first = await lock(name, { limitMs: 1000, what: 'first' });
  const second = lock(name, { limitMs: 5000, what: 'second', onWait: (who) => order.push(who) }).then(
    async (held) => {
      order.push('second has it');
      await held[Symbol.asyncDispose]();
    },
  );
  await expect(lock(name, { limitMs: 0, what: 'installing' })).rejects.toThrow(
    `installing: process ${process.pid} has been at it`,
  );
  order.push('first gives it back');
  await first[Symbol.asyncDispose]();
  await second;
  expect(order).toEqual([`process ${process.pid}`, 'first gives it back', 'second has it']);
});
