import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runSteps } from './run.ts';
import type { Step } from './steps.ts';

/** A project whose tools are shell scripts. */
async function project(tools: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'healproof-run-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const bin = join(root, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries(tools)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return root;
}

const tool = (name: string, ...args: string[]): Step => ({
  name,
  looksAt: 'a thing',
  kind: 'commands',
  commands: [[name, ...args]],
});

async function run(root: string, steps: readonly Step[], limitMs = 20_000) {
  const told: string[] = [];
  const results = await runSteps(steps, { root, limitMs, told: ({ name }) => told.push(name) });
  return { told, of: (name: string) => results.find((result) => result.name === name) };
}

test('a step that fails says why and stops no other', async () => {
  const root = await project({ good: 'echo fine', bad: 'echo out; echo "it $1" >&2; exit 2' });
  const { told, of } = await run(root, [tool('bad', 'broke'), tool('good')]);
  expect(told.toSorted()).toEqual(['bad', 'good']);
  expect(of('bad')).toMatchObject({ ok: false, output: 'out\n\nit broke' });
  expect(of('good')).toMatchObject({ ok: true, summary: 'a thing' });
});

test('every command of a step counts', async () => {
  const root = await project({ good: 'true', bad: 'exit 1' });
  const both: Step = { name: 'both', looksAt: '', kind: 'commands', commands: [['bad'], ['good']] };
  expect((await run(root, [both])).of('both')?.ok).toBe(false);
});

test('a tool that is not there names itself and the way out', async () => {
  const { of } = await run(await project({}), [tool('absent')]);
  expect(of('absent')).toMatchObject({ ok: false, output: 'absent: not installed; run npm ci' });
});

test('a tool that hangs is killed, also when its children keep talking', { timeout: 30_000 }, async () => {
  const root = await project({ hangs: 'echo begun; sleep 20 & wait' });
  const { of } = await run(root, [tool('hangs')], 200);
  expect(of('hangs')?.ok).toBe(false);
  expect(of('hangs')?.output).toContain('hangs: no end after 0.2 s, killed');
  expect(of('hangs')?.tookMs).toBeLessThan(15_000);
});

test.each([
  ['passed and said so', 5, 0, 0, true],
  ['failed', 5, 1, 0, false],
  ['left one out', 5, 0, 1, false],
  ['ran none', 0, 0, 0, false],
])('a test run that %s', async (_, passed, failed, skipped, ok) => {
  const report = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    numFailedTestSuites: 0,
    testResults: [],
  };
  const write = `for a; do case $a in --outputFile.json=*) echo '${JSON.stringify(report)}' >"\${a#*=}";; esac; done`;
  const root = await project({ vitest: write });
  const { of } = await run(root, [{ name: 'unit', looksAt: '', kind: 'vitest' }]);
  expect(of('unit')).toMatchObject({ ok, tests: { passed, failed, skipped } });
});

test('a test run that leaves no report did not pass', async () => {
  const root = await project({ vitest: 'exit 0' });
  const { of } = await run(root, [{ name: 'unit', looksAt: '', kind: 'vitest' }]);
  expect(of('unit')).toMatchObject({ ok: false, tests: { passed: 0, failed: 1 } });
});
