/** `node cli/check/main.ts [STEP...]`: runs the checks, or the named ones; exit code 0 when all is well, 1 when not, 3 for a wrong name. */
import { join } from 'node:path';
import { runSteps, type StepResult } from './run.ts';
import { STEPS } from './steps.ts';

const LIMIT_MS = 180_000;

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    const known = STEPS.map(({ name }) => name).join(', ');
    process.stderr.write(`check: no step is called ${unknown.join(', ')}; there are ${known}\n`);
    return 3;
  }
  const steps = STEPS.filter(({ name }) => names.length === 0 || names.includes(name));
  const began = performance.now();
  const root = join(import.meta.dirname, '..', '..');
  const results = await runSteps(steps, { root, limitMs: LIMIT_MS, told: tell });
  const failed = results.filter(({ ok }) => !ok);
  for (const { name, output } of failed) process.stdout.write(`\n---- ${name}\n${output}\n`);
  const took = seconds(performance.now() - began);
  const outcome = failed.length === 0 ? 'all is well' : `${failed.map(({ name }) => name).join(', ')} failed`;
  process.stdout.write(
    `\ncheck: ${results.length - failed.length} of ${results.length} passed in ${took}; ${outcome}\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

function tell({ name, ok, tookMs, summary }: StepResult): void {
  process.stdout.write(
    `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(7)} ${seconds(tookMs).padStart(7)}  ${summary}\n`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

process.exitCode = await main(process.argv.slice(2));
