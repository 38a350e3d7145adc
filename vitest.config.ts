import { defineConfig } from 'vitest/config';

/** Two projects: `unit` needs nothing but Node; `scenarios` plays against a lab and runs one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{harness,lab,reports,scenarios,cli}/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts', 'node_modules/**'],
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
