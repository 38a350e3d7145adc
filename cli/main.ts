/** The command line. Parses, hands over, and turns what is thrown into one clear message; rooms are imported only when a command needs them. */
import { Command, Option } from 'commander';
import { LAYOUTS } from '../harness/index.ts';

const program = new Command('healproof')
  .description(
    'Rehearses maintenance of a replicated storage cluster in a lab of containers, and proves what it would do.',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for usage)')
  .exitOverride();

const ended = (code: number): void => void (process.exitCode = code);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
/** Exit code when a command could not even begin. */
const COULD_NOT_RUN = 3;

program
  .command('replay', { isDefault: true })
  .description(
    'play the incident, and the same night with a gate, in labs; exit code 0 as expected, 1 not, 2 unknown, 3 could not run',
  )
  .argument('[stories...]', 'ids of stories or parts of them (default: the five nights)')
  .option('--variants', 'play the variants too')
  .option('--json', 'print the results as JSON')
  .option('--out <folder>', 'where the evidence goes (default: reports/out/<time>)')
  .option('--escalation <file>', 'your own escalation policy and people (YAML, as in scenarios/escalations)')
  .option('--gate <script>', 'your own gate for the stories own-gate: a shell script that ends with 0 for go')
  .option('--no-report', 'make no Allure report')
  .addOption(
    new Option(
      '--guests <kind>',
      'what runs the routers (default: KVM if it boots a guest, else QEMU’s TCG)',
    ).choices(['kvm', 'tcg', 'modelled']),
  )
  .addHelpText(
    'after',
    '\nExamples:\n  healproof replay\n  healproof replay fixed-delay-replica-2 --json\n  healproof replay zombie-master\n  healproof replay alerts\n  healproof replay alerts --escalation my-people.yml\n  healproof replay matrix\n  healproof replay specimens\n  healproof replay own-gate --gate ./my-gate.sh',
  )
  .action(
    async (
      stories: string[],
      options: {
        variants?: boolean;
        json?: boolean;
        out?: string;
        report: boolean;
        escalation?: string;
        gate?: string;
        guests?: 'kvm' | 'tcg' | 'modelled';
      },
    ) => {
      const { replayCommand } = await import('./replay/replay.ts');
      ended(await replayCommand({ stories, ...options }));
    },
  );

program
  .command('test')
  .description(
    'all checks, unit tests, tests of the lab and the five nights; ends with "tests: N passed, N failed"',
  )
  .option('--no-nights', 'leave out what needs an engine')
  .option(
    '--all',
    'also the proofs that take minutes each: gate against faults, inspect on a lab, attacks on every gate',
  )
  .action(async ({ nights, all }: { nights: boolean; all?: boolean }) => {
    const { testCommand } = await import('./test/command.ts');
    ended(await testCommand({ nights, ...(all === undefined ? {} : { all }) }));
  });

program
  .command('bench')
  .description(
    'how long a lab takes to be ready and what it needs; exit code 1 when a median is over its limit',
  )
  .option('--runs <n>', 'labs to build', '5')
  .option('--nights', 'play the five nights too, once')
  .option(
    '--gate-cost',
    'instead: what a gate that is asked costs a steady writer; exit code 2: too noisy to tell',
  )
  .option('--gate', 'instead: how long the fast gate takes beside heal info, with up to 10,000 files to heal')
  .option(
    '--inspect',
    'instead: how long bricks with up to a million files take to be judged, and the memory',
  )
  .option('--ask-every <seconds>', 'with --gate-cost: seconds between two questions', '5')
  .option('--json', 'as JSON')
  .action(
    async ({
      runs,
      gateCost,
      gate,
      askEvery,
      inspect: judging,
      ...options
    }: {
      runs: string;
      nights?: boolean;
      gateCost?: boolean;
      gate?: boolean;
      inspect?: boolean;
      askEvery: string;
      json?: boolean;
    }) => {
      if (gateCost === true) {
        const { gateCostCommand } = await import('./bench/gate-cost.ts');
        if (!(Number(askEvery) > 0))
          throw new Error(`--ask-every must be a number of seconds, not "${askEvery}"`);
        return ended(await gateCostCommand({ ...options, askEvery: Number(askEvery) }));
      }
      if (gate === true) {
        const { benchGate } = await import('./bench/gate.ts');
        return ended(await benchGate(options));
      }
      if (judging === true) {
        const { benchInspect } = await import('./bench/inspect.ts');
        return ended(benchInspect(options));
      }
      const count = Number(runs);
      if (!Number.isInteger(count) || count < 1)
        throw new Error(`--runs must be a whole number above 0, not "${runs}"`);
      const { benchCommand } = await import('./bench/command.ts');
      ended(await benchCommand({ runs: count, ...options }));
    },
  );

program
  .command('recheck')
  .description('judge the bundles of old runs again, without a lab')
  .argument('<bundles...>', 'folders of runs')
  .option('--json', 'print the results as JSON')
  .action(async (bundles: string[], options: { json?: boolean }) => {
    const { recheckCommand } = await import('./recheck.ts');
    ended(recheckCommand(bundles, options));
  });

program
  .command('up')
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
  .action(
    async (options: {
      layout: (typeof LAYOUTS)[number];
      options: 'virt' | 'defaults';
      policy: 'panic' | 'stop' | 'report';
    }) => {
      const { prepareKit } = await import('../lab/index.ts');
      const { upCommand } = await import('./by-hand/index.ts');
      ended(await upCommand({ ...options, say, complain }, await prepareKit({ say: complain })));
    },
  );

/** Commands on labs that are there need an engine, but must not install one. */
async function engineThatIsThere() {
  const { Engine, findEngine, SetupNeeded } = await import('../lab/index.ts');
  const search = await findEngine();
  if (search.kind !== 'found')
    throw new SetupNeeded('No Docker Engine answers, so there is no lab.', ['./healproof doctor']);
  return new Engine({ host: search.engine.host });
}

program
  .command('status')
  .description('labs that are up')
  .option('--json', 'as JSON')
  .action(async (options: { json?: boolean }) => {
    const { statusCommand } = await import('./by-hand/index.ts');
    ended(await statusCommand({ ...options, say, complain }, await engineThatIsThere()));
  });

program
  .command('ssh')
  .description('a shell in a machine of a lab, or one command')
  .argument('<node>', 'pve1, pve2, pve3, workstation, customer, offsite, ...')
  .argument('[command...]', 'after --')
  .option('--run <run>', 'which lab, when several are up')
  .action(async (node: string, command: string[], options: { run?: string }) => {
    const { sshCommand } = await import('./by-hand/index.ts');
    ended(await sshCommand({ node, command, ...options, complain }, await engineThatIsThere()));
  });

program
  .command('down')
  .description('take a lab down')
  .option('--run <run>', 'which lab, when several are up')
  .action(async (options: { run?: string }) => {
    const { downCommand } = await import('./by-hand/index.ts');
    ended(await downCommand({ ...options, say, complain }, await engineThatIsThere()));
  });

program
  .command('prune')
  .description('remove what ended runs left on the engine')
  .option('--all', 'living runs too')
  .option('--yes', 'with --all: really')
  .option('--run <run>', 'only this run')
  .option('--images', 'remove images of older sources too')
  .action(
    async ({ images, ...options }: { all?: boolean; yes?: boolean; run?: string; images?: boolean }) => {
      const engine = await engineThatIsThere();
      const { pruneCommand } = await import('./by-hand/index.ts');
      ended(await pruneCommand({ ...options, say, complain }, engine));
      if (images !== true) return;
      const { currentTags, removeOldImages } = await import('../lab/index.ts');
      const { removed } = await removeOldImages({ host: engine.host, keep: await currentTags() });
      for (const name of removed) say(`removed image ${name}`);
    },
  );

program
  .command('doctor')
  .description('what of this machine matters to a lab, and what to do; exit code 3 when a lab can not run')
  .option('--json', 'as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const { doctor, doctorExitCode, doctorText } = await import('../lab/index.ts');
    const findings = await doctor();
    say(
      json === true
        ? JSON.stringify(findings, undefined, 2)
        : doctorText(findings, { colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined }),
    );
    ended(doctorExitCode(findings));
  });

const engine = program
  .command('engine')
  .description('the private Docker Engine that Healproof starts when there is none');
engine
  .command('start')
  .description('find an engine, or install and start one')
  .action(async () => {
    const { ensureEngine } = await import('../lab/index.ts');
    const found = await ensureEngine({ say: complain });
    say(`${found.from}: Docker Engine ${found.version} at ${found.host}`);
  });
engine
  .command('stop')
  .description('stop the private engine, and no other')
  .action(async () => {
    const { stopEngine } = await import('../lab/index.ts');
    say((await stopEngine({ say: complain })) ? 'stopped' : 'no private engine was running');
  });
engine
  .command('status')
  .description('what the private engine does')
  .action(async () => {
    const { engineStatus } = await import('../lab/index.ts');
    say(JSON.stringify(await engineStatus(), undefined, 2));
  });

/** Commands with a folder of their own. Each module takes long to load, so it is loaded only when its command is named, or to be listed. */
const ELSEWHERE: Readonly<Record<string, () => Promise<Command>>> = {
  'attack-gate': async () => {
    const { attackGateCommand, processOut } = await import('./attack-gate/index.ts');
    return attackGateCommand(processOut(), ended);
  },
  access: async () => (await import('./access/index.ts')).accessCommand(ended),
  gate: async () => (await import('./gate/index.ts')).gateCommand(ended),
  exporter: async () => (await import('./exporter/index.ts')).exporterCommand(ended),
  lease: async () => (await import('./lease/index.ts')).leaseCommand(ended),
  inspect: async () => (await import('./inspect/index.ts')).inspectCommand(ended),
  'track-record': async () => (await import('./track-record/index.ts')).trackRecordCommand(ended),
};

/** Whatever is no command may be a story, a misspelling or a wish for help: then all of them have to be known. */
async function addCommands(words: readonly string[]): Promise<void> {
  const named = words.find((word) => !word.startsWith('-')) ?? '';
  if (program.commands.some((command) => command.name() === named)) return;
  const one = ELSEWHERE[named];
  for (const load of one === undefined ? Object.values(ELSEWHERE) : [one]) program.addCommand(await load());
}

/** What a person has to read, causes included, without a stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await addCommands(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  const code =
    typeof error === 'object' && error !== null && 'exitCode' in error ? Number(error.exitCode) : undefined;
  if (code === undefined) complain(`healproof: ${explain(error)}`);
  ended(code === undefined ? COULD_NOT_RUN : code === 0 ? 0 : COULD_NOT_RUN);
}
// Engine connections and the test runner may leave handles that keep a finished command alive.
setTimeout(() => process.exit(), 500).unref();
