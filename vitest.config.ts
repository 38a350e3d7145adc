import { defineConfig } from 'vitest/config';

/**
 * Three projects: `unit` needs nothing but Node; `nights` plays stories in labs; `lab` tests the lab itself, and what takes minutes.
 * The last two run one file at a time, started by `healproof test` and `healproof replay`, which prepare the engine and the images.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{harness,lab,reports,scenarios,cli}/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts', 'node_modules/**'],
          // Modules are loaded once, not once per file: half the time. No test mocks a module (the tidy check sees to it).
          isolate: false,
          // By default one core is left free; on two that is half of them.
          maxWorkers: '100%',
          // Ends what hangs; it measures nothing. Tests that start shells take seconds on a slow or busy machine.
          testTimeout: 30_000,
          allowOnly: false,
          retry: 0,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['{harness,lab,reports,scenarios,cli}/**/*.lab.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          allowOnly: false,
          retry: 0,
        },
      },
      {
        test: {
          name: 'nights',
          include: ['scenarios/**/*.scenario.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          isolate: false,
          retry: 0,
        },
      },
    ],
  },
});
