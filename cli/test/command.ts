/** The command line of `test`. */
import { Command } from 'commander';

export const testCommand = (ended: (code: number) => void): Command =>
  new Command('test')
    .description(
      'all checks, unit tests, tests of the lab and the five nights; ends with "tests: N passed, N failed"',
    )
    .option('--no-nights', 'leave out what needs an engine')
    .option(
      '--all',
      'also the proofs that take minutes each: gate against faults, inspect on a lab, attacks on every gate, and every story of the track record',
    )
    .action(async ({ nights, all }: { nights: boolean; all?: boolean }) => {
      const { testAll } = await import('./everything.ts');
      ended(await testAll({ nights, ...(all === undefined ? {} : { all }) }));
    });
