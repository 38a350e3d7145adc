import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { STATUS } from './commands.ts';
import { LOCKED } from './fixtures.fixture.ts';
import { askLocking, isLockTaken } from './locked.ts';

/** Answers each line with the next of these; the last one for ever. */
function shellOf(...answers: readonly string[]) {
  let ran = 0;
  const shell: Shell = {
    node: node('pve1'),
    run: (line) => {
      const nonce = /N='([0-9a-f-]+)'/.exec(line)?.[1] ?? '';
      const said = answers[Math.min(ran, answers.length - 1)] ?? '';
      ran += 1;
      const stdout = `#${nonce} begin ${STATUS.name}\n${said}\n#${nonce} end ${STATUS.name} 0 10\n`;
      return Promise.resolve({ kind: 'exited', exitCode: 0, stdout, stderr: '', tookMs: 10 });
    },
  };
  return { shell, ran: () => ran };
}
const asked = async (shell: Shell, signal?: AbortSignal): Promise<string> => {
  const said = (await askLocking(shell, STATUS, { V: 'v' }, signal)).text(STATUS);
  return said.seen ? said.text.trim() : said.because;
};

test('what somebody else’s look locks for an instant is asked again', async () => {
  const { shell, ran } = shellOf(LOCKED, LOCKED, '<cliOutput/>');
  expect(await asked(shell)).toBe('<cliOutput/>');
  expect(ran()).toBe(3);
});

test('an answer is an answer: it is asked once', async () => {
  const { shell, ran } = shellOf('<cliOutput/>');
  await asked(shell);
  expect(ran()).toBe(1);
});

test('whoever waits no longer gets what there is, and it says that it was locked', async () => {
  const { shell } = shellOf(LOCKED);
  expect(isLockTaken(await asked(shell, AbortSignal.timeout(700)))).toBe(true);
});
