/** The command line. Parses, hands over, and turns what is thrown into one clear message; rooms are imported only when a command needs them. */
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Command } from 'commander';
import { processOut } from './out.ts';

// Half of the time that a command takes to begin is Node reading TypeScript. A folder that can't be written costs nothing but that time.
const cache = process.env['XDG_CACHE_HOME'] ?? '';
enableCompileCache(join(isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'healproof', 'compile'));

const program = new Command('healproof')
  .description(
    'Rehearses maintenance of a replicated storage cluster in a lab of containers, and proves what it would do.',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for usage)')
  .exitOverride();

const ended = (code: number): void => void (process.exitCode = code);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
/** Exit code when a command could not even begin. */
const COULD_NOT_RUN = 3;

type Ended = (code: number) => void;
type Load = (ended: Ended) => Promise<Command>;

/** Every command, in the order in which the help lists them. Modules take long to load, so each is loaded when its command is named, or to be listed. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Rehearse:': {
    replay: async (done) => (await import('./replay/command.ts')).replayCommand(done),
    recheck: async (done) => (await import('./recheck.ts')).recheckCommand(done),
    access: async (done) => (await import('./access/index.ts')).accessCommand(done),
    'attack-gate': async (done) =>
      (await import('./attack-gate/index.ts')).attackGateCommand(processOut(), done),
  },
  'On the real cluster:': {
    gate: async (done) => (await import('./gate/index.ts')).gateCommand(done),
    lease: async (done) => (await import('./lease/index.ts')).leaseCommand(done),
    exporter: async (done) => (await import('./exporter/index.ts')).exporterCommand(done),
    inspect: async (done) => (await import('./inspect/index.ts')).inspectCommand(done),
  },
  'A lab by hand:': {
    up: async (done) => (await import('./by-hand/command.ts')).up(done),
    status: async (done) => (await import('./by-hand/command.ts')).status(done),
    ssh: async (done) => (await import('./by-hand/command.ts')).ssh(done),
    down: async (done) => (await import('./by-hand/command.ts')).down(done),
    prune: async (done) => (await import('./by-hand/command.ts')).prune(done),
  },
  'This machine, and Healproof itself:': {
    doctor: async (done) => (await import('./machine/index.ts')).doctor(done),
    engine: async (done) => (await import('./machine/index.ts')).engine(done),
    test: async (done) => (await import('./test/index.ts')).testCommand(done),
    bench: async (done) => (await import('./bench/index.ts')).benchCommand(done),
    'track-record': async (done) => (await import('./track-record/index.ts')).trackRecordCommand(done),
  },
};
/** Named by nobody: then a word is a story. */
const DEFAULT = 'replay';

/** Whatever is no command may be a story, a misspelling or a wish for help: then all of them have to be known. */
async function addCommands(words: readonly string[]): Promise<void> {
  const named = words.find((word) => !word.startsWith('-')) ?? '';
  const known = Object.values(COMMANDS).some((commands) => Object.hasOwn(commands, named));
  for (const [group, commands] of Object.entries(COMMANDS))
    for (const [name, load] of Object.entries(commands))
      if (name === named || !known)
        program.addCommand((await load(ended)).helpGroup(group), { isDefault: name === DEFAULT });
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
