/** Runs one project of vitest in this process, so that a signal takes its labs down instead of ending it in the middle. */
import { resolve } from 'node:path';
import { wishes } from './wishes.ts';

export interface Drive {
  /** As vitest.config.ts names it. */
  readonly project: 'nights' | 'lab' | 'unit';
  /** Parts of file names; none = all. */
  readonly filters: readonly string[];
  readonly reporters: readonly (string | [string, Record<string, unknown>])[];
  readonly say: (line: string) => void;
}

export interface Driven {
  /** Test files that were found, run or not. */
  readonly planned: number;
  readonly passed: number;
  /** Failed, skipped or never run: whatever did not pass. */
  readonly notPassed: number;
  readonly interrupted: boolean;
  readonly tests: readonly { readonly name: string; readonly state: string }[];
}

const ROOT = resolve(import.meta.dirname, '../..');
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** By convention 128 + SIGINT. */
const INTERRUPTED = 130;

export async function driveVitest({ project, filters, reporters, say }: Drive): Promise<Driven> {
  const { createVitest } = await import('vitest/node');
  const vitest = await createVitest('test', {
    root: ROOT,
    config: resolve(ROOT, 'vitest.config.ts'),
    project: [project],
    watch: false,
    reporters: [...reporters],
  });
  let interrupted = false;
  const wish = wishes(() => performance.now());
  // vitest then waits for the hooks of the test that runs (scenarios/to-its-end.ts), and ends its worker after that.
  const stop = (signal: NodeJS.Signals): void => {
    const wished = wish();
    if (wished === 'at once') process.exit(INTERRUPTED);
    if (wished === 'echo') return;
    interrupted = true;
    say(`\n${signal}: taking the lab down; once more to leave it to the janitor`);
    void vitest.cancelCurrentRun('keyboard-input');
  };
  // vitest's own handlers exit at once, without teardown.
  for (const signal of SIGNALS) {
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
  try {
    await vitest.start([...filters]);
    const modules = vitest.state.getTestModules();
    for (const error of vitest.state.getUnhandledErrors())
      say(`error outside a test: ${String((error as Error).stack ?? error)}`);
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const results = tests.map((test) => ({ name: test.fullName, ...test.result() }));
    for (const { name, state, errors } of results)
      if (state === 'failed')
        for (const error of errors ?? []) say(`${name}: ${error.message.split('\n')[0] ?? ''}`);
    const passed = results.filter(({ state }) => state === 'passed').length;
    return {
      planned: modules.length,
      passed,
      notPassed: results.length - passed,
      interrupted,
      tests: results.map(({ name, state }) => ({ name, state })),
    };
  } finally {
    await vitest.close();
    // vitest marks a failed test in the exit code; ours says more.
    process.exitCode = 0;
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  }
}
