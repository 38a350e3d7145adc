/** Runs the steps side by side and tells how each ended. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { countTests, type TestCounts } from './counts.ts';
import type { Found, Step } from './steps.ts';

export interface StepResult extends Found {
  readonly name: string;
  readonly tookMs: number;
  /** Of the step that runs tests, as the test runner itself counted them. */
  readonly tests?: TestCounts;
}

export interface Options {
  /** The project's folder. */
  readonly root: string;
  /** A tool that takes longer than this hangs and is killed. */
  readonly limitMs: number;
  /** Hears of each step as it ends. */
  told(this: void, result: StepResult): void;
}

/** Resolves when every step has ended; a failing step stops no other. Results come in the order in which the steps ended. */
export async function runSteps(steps: readonly Step[], options: Options): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step, options);
      results.push(result);
      options.told(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return results;
}

async function runStep(step: Step, options: Options): Promise<StepResult> {
  const began = performance.now();
  const found = await play(step, options);
  return { ...found, name: step.name, tookMs: Math.round(performance.now() - began) };
}

async function play(step: Step, options: Options): Promise<Found & { tests?: TestCounts }> {
  switch (step.kind) {
    case 'look':
      return step.look(options.root);
    case 'commands':
      return await playCommands(step.commands, step.looksAt, options);
    case 'vitest':
      return await playTests(options);
  }
}

async function playCommands(
  commands: readonly (readonly string[])[],
  looksAt: string,
  options: Options,
): Promise<Found> {
  const ended = [];
  for (const [tool = '', ...args] of commands) ended.push(await runTool(options, tool, args));
  const ok = ended.every((each) => each.ok);
  return { ok, summary: looksAt, output: ended.map(({ output }) => output).join('\n') };
}

async function playTests(options: Options): Promise<Found & { tests?: TestCounts }> {
  const folder = await mkdtemp(join(tmpdir(), 'healproof-check-'));
  try {
    const report = join(folder, 'unit.json');
    const args = [
      'run',
      '--project',
      'unit',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    const ended = await runTool(options, 'vitest', args);
    const tests = countTests(await readFile(report, 'utf8').catch(() => ''));
    const { passed, failed, skipped } = tests;
    const summary = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    return {
      ok: ended.ok && passed > 0 && failed === 0 && skipped === 0,
      summary,
      output: ended.output,
      tests,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a tool out of node_modules under the Node that runs us, whatever Node the PATH finds first. */
function runTool(
  { root, limitMs }: Options,
  tool: string,
  args: readonly string[],
): Promise<{ ok: boolean; output: string }> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const env = { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0' };
  const line = [tool, ...args].join(' ');
  return new Promise((resolve) => {
    let late = '';
    const bin = join(root, 'node_modules', '.bin', tool);
    const child = execFile(
      bin,
      args,
      { cwd: root, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        clearTimeout(timer);
        const lost = error?.code === 'ENOENT' ? `${line}: not installed; run npm ci` : '';
        const output = [stdout, stderr, late, lost].filter((text) => text !== '').join('\n');
        resolve({ ok: error === null && late === '', output: output.trim() });
      },
    );
    const timer = setTimeout(() => {
      late = `${line}: no end after ${limitMs / 1000} s, killed; run it by itself to see what it waits for`;
      child.kill('SIGKILL');
      // Its own children may hold the pipes open; what they still say is not waited for.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, limitMs);
  });
}
