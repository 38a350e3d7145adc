/** `healproof recheck BUNDLE...`: judges old runs again, without a lab. */
import { Command } from 'commander';
import { recheck, tableText } from '../reports/index.ts';
import { exitCodeOf } from './replay/replay.ts';

export const recheckCommand = (ended: (code: number) => void): Command =>
  new Command('recheck')
    .description('judge the bundles of old runs again, without a lab')
    .argument('<bundles...>', 'folders of runs')
    .option('--json', 'print the results as JSON')
    .action((bundles: string[], options: { json?: boolean }) => ended(judgeAgain(bundles, options)));

function judgeAgain(bundles: readonly string[], { json }: { json?: boolean }): number {
  const checked = bundles.map((dir) => recheck(dir));
  const results = checked.map(({ result }) => result);
  if (json === true) {
    process.stdout.write(
      `${JSON.stringify({ runs: results, changes: checked.map(({ changes }) => changes) }, undefined, 2)}\n`,
    );
  } else {
    const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
    process.stdout.write(`${tableText(results, { columns: process.stdout.columns ?? 100, colour })}\n`);
    for (const { result, changes } of checked)
      for (const change of changes) process.stdout.write(`${result.id}: ${change}\n`);
  }
  return exitCodeOf({ results, interrupted: false, planned: results.length });
}
