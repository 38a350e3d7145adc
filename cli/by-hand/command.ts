/** The command lines of a lab by hand. What they do is loaded when it is done. */
import { Command, Option } from 'commander';
import { LAYOUTS } from '../../harness/index.ts';
import { wholeNumber } from '../arguments.ts';
import type { Talk } from './labs.ts';
import type { UpOptions } from './up.ts';

type Ended = (code: number) => void;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

export const up = (ended: Ended): Command =>
  new Command('up')
    .description('bring up a lab to work in by hand')
    .addOption(
      new Option('--layout <layout>', 'layout of the volume').choices([...LAYOUTS]).default('replica-2'),
    )
    .addOption(
      new Option('--options <options>', 'options of the volume')
        .choices(['virt', 'defaults'])
        .default('defaults'),
    )
    .addOption(
      new Option('--policy <policy>', 'what a router does on a disk error')
        .choices(['panic', 'stop', 'report'])
        .default('panic'),
    )
    .option('--image-mib <n>', 'size of a router’s disk, MiB', wholeNumber(64, 4096))
    .option('--shard-mib <n>', 'size of a shard with --options virt, MiB', wholeNumber(4, 4096))
    .addHelpText(
      'after',
      '\nExamples:\n  healproof up\n  healproof up --layout replica-3 --options virt --shard-mib 64 --image-mib 256\n\nExit code: 0 the lab is ready, 1 it could not be brought up, 3 could not run.',
    )
    .action(async (options: Omit<UpOptions, keyof Talk>) => {
      const { prepareKit } = await import('../../lab/index.ts');
      const { upCommand } = await import('./index.ts');
      ended(await upCommand({ ...options, say, complain }, await prepareKit({ say: complain })));
    });

/** Commands on labs that are there need an engine, but must not install one. */
async function engineThatIsThere() {
  const { Engine, findEngine, SetupNeeded } = await import('../../lab/index.ts');
  const search = await findEngine();
  if (search.kind !== 'found')
    throw new SetupNeeded('No Docker Engine answers, so there is no lab.', ['./healproof doctor']);
  return new Engine({ host: search.engine.host });
}

export const status = (ended: Ended): Command =>
  new Command('status')
    .description('labs that are up')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { statusCommand } = await import('./index.ts');
      ended(await statusCommand({ ...options, say, complain }, await engineThatIsThere()));
    });

export const ssh = (ended: Ended): Command =>
  new Command('ssh')
    .description('a shell in a machine of a lab, or one command')
    .argument('<node>', 'pve1, pve2, pve3, workstation, customer, offsite, ...')
    .argument('[command...]', 'after --')
    .option('--run <run>', 'which lab, when several are up')
    .action(async (node: string, command: string[], options: { run?: string }) => {
      const { sshCommand } = await import('./index.ts');
      ended(await sshCommand({ node, command, ...options, complain }, await engineThatIsThere()));
    });

export const down = (ended: Ended): Command =>
  new Command('down')
    .description('take a lab down')
    .option('--run <run>', 'which lab, when several are up')
    .action(async (options: { run?: string }) => {
      const { downCommand } = await import('./index.ts');
      ended(await downCommand({ ...options, say, complain }, await engineThatIsThere()));
    });

export const prune = (ended: Ended): Command =>
  new Command('prune')
    .description(
      'remove what ended runs left on the engine, and the folders of labs that are gone (history.ndjson, keeper.log): copy them first',
    )
    .option('--all', 'living runs too')
    .option('--yes', 'with --all: really')
    .option('--run <run>', 'only this run')
    .option('--images', 'remove images and volumes of older sources too')
    .action(
      async ({ images, ...options }: { all?: boolean; yes?: boolean; run?: string; images?: boolean }) => {
        const engine = await engineThatIsThere();
        const { pruneCommand } = await import('./index.ts');
        ended(await pruneCommand({ ...options, say, complain }, engine));
        if (images !== true) return;
        const lab = await import('../../lab/index.ts');
        const keep = await lab.currentTags();
        const { removed } = await lab.removeOldImages({ host: engine.host, keep });
        for (const name of removed) say(`removed image ${name}`);
        for (const name of await lab.removeOldProducts(engine)) say(`removed volume ${name}`);
        for (const name of await lab.removeOldGuestStates(engine, keep)) say(`removed volume ${name}`);
      },
    );
