/** The command line of `bench`. */
import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../arguments.ts';

interface Options {
  readonly runs: number;
  readonly nights: number;
  readonly gate?: boolean;
  readonly gateCost?: boolean;
  readonly inspect?: boolean;
  readonly askEvery: number;
  readonly json?: boolean;
}

function seconds(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('give a number of seconds above 0.');
  return Number(text);
}

export const benchCommand = (ended: (code: number) => void): Command =>
  new Command('bench')
    .description(
      'how long a lab takes to be ready, what it needs, and how long the nights take; exit code 1 when a median is over its limit',
    )
    .option('--runs <n>', 'labs to build', wholeNumber(0, 1000), 5)
    .option('--nights <n>', 'how often to play the five nights, too', wholeNumber(0, 1000), 5)
    .option(
      '--gate',
      'instead: how long the fast gate takes beside heal info, with up to 10,000 files to heal',
    )
    .option(
      '--gate-cost',
      'instead: what a gate that is asked costs a steady writer; exit code 2: too noisy to tell',
    )
    .option(
      '--inspect',
      'instead: how long bricks with up to a million files take to be judged, and the memory',
    )
    .option('--ask-every <seconds>', 'with --gate-cost: seconds between two questions', seconds, 5)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  healproof bench                        # labs and nights: an hour, and more on a slow machine\n  healproof bench --nights 0             # labs alone: four minutes\n  healproof bench --inspect --json\n  healproof bench --gate\n  healproof bench --gate-cost --ask-every 1',
    )
    .action(async (options: Options) => ended(await run(options)));

async function run({ gate, gateCost, askEvery, inspect, ...options }: Options): Promise<number> {
  if (gate === true) {
    const { benchGate } = await import('./gate.ts');
    return benchGate(options);
  }
  if (gateCost === true) {
    const { gateCostCommand } = await import('./gate-cost.ts');
    return gateCostCommand({ ...options, askEvery });
  }
  if (inspect === true) {
    const { benchInspect } = await import('./inspect.ts');
    return benchInspect(options);
  }
  const { benchLabs } = await import('./labs.ts');
  return benchLabs(options);
}
