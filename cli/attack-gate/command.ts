/** `healproof attack-gate`: arguments in, lines out. The rooms do the work. */
import { Command, Option } from 'commander';
import {
  attackReport,
  attackStates,
  DEFAULT_SITE,
  exitCodeOf,
  HEALED,
  node,
  parseGoWhen,
  PLAIN,
  resultLines,
  scoreAll,
  scoreLines,
  stateLines,
} from '../../harness/index.ts';
import type { AttackResult, AttackSite, AttackState, GoWhen, Paint } from '../../harness/index.ts';
import { attack, attackCommand, CannotAttack, ownGate } from '../../lab/index.ts';
import { checked, collected, duration } from '../arguments.ts';
import type { Out } from '../out.ts';
import { opening } from './opening.ts';
import type { Beginning } from './opening.ts';

export interface Options {
  readonly goWhen: GoWhen;
  readonly limit: number;
  readonly speed: number;
  readonly realSleep: boolean;
  readonly jobs?: number;
  readonly only: readonly string[];
  readonly list: boolean;
  readonly json: boolean;
  readonly own: boolean;
  readonly node: string;
  readonly nodes: readonly string[];
  readonly volume: string;
}

const EXAMPLES = `
Examples:
  healproof attack-gate -- ./my-gate.sh
  healproof attack-gate -- ./my-gate.sh --node {node} --volume {volume}
  healproof attack-gate --go-when 'stdout:^SAFE' -- python3 gate.py {node}
  healproof attack-gate --only count-120 --only dash-one-brick -- ./my-gate.sh
  healproof attack-gate --list
  healproof attack-gate --own

The command meets a made-up cluster of three nodes. gluster, ssh and sudo on its PATH are
stand-ins that answer from prepared states and note down every call; what would reach or change
something real is not let through. It finds HEALPROOF_NODE (may this node go down?),
HEALPROOF_NODES and HEALPROOF_VOLUME in its environment; {node} and {volume} in its
arguments become the names. Nothing it prints matters unless --go-when says so.

A gate that would leave the stand-ins behind is refused: by a full path, by PATH set without
$PATH in front, by a login shell, env -i, su, doas, nsenter or chroot. The command line and the
files that it names are searched for that, and no file that these read in.

Some clusters change: the same question gets another answer once a sleep or a second has passed.

Exit code: 0 survived all, 1 fooled at least once, 3 could not run it, or it never asked gluster.`;

/** The command for a commander program. `ended` gets the exit code. */
export function attackGateCommand(out: Out, ended: (code: number) => void): Command {
  return new Command('attack-gate')
    .description('run any gate against cluster states with a known truth: where does it say go, wrongly?')
    .usage('[options] -- COMMAND ...')
    .argument('[command...]', 'the gate, with its arguments')
    .addOption(
      new Option('--go-when <rule>', 'when the gate says go: exit:CODE or stdout:REGEX')
        .argParser(checked(parseGoWhen))
        .default({ kind: 'exit', code: 0 }, 'exit:0'),
    )
    .option('--limit <time>', 'real time for one run of the gate, such as 90s or 5m', duration(), 60_000)
    .option('--speed <factor>', 'how much faster sleep, timeout and slow answers run', checked(factor), 60)
    .option('--real-sleep', 'do not shorten any waiting', false)
    .option('--jobs <count>', 'runs side by side', checked(factor))
    .option('--only <state>', 'only this state; may be repeated', collected, [])
    .option('--list', 'list the states and their truth, run nothing', false)
    .option('--json', 'print one JSON document', false)
    .option('--own', 'attack the gate that `healproof gate` uses, instead of a command', false)
    .option('--node <name>', 'the node that is asked about', DEFAULT_SITE.asked)
    .option(
      '--nodes <names>',
      'the three nodes, with commas',
      (text: string): readonly string[] => text.split(','),
      DEFAULT_SITE.nodes as readonly string[],
    )
    .option('--volume <name>', 'the volume', DEFAULT_SITE.volume)
    .addHelpText('after', EXAMPLES)
    .action(async (command: readonly string[], options: Options) => {
      // What is attacked runs in sessions of its own, which the terminal's Ctrl-C does not reach.
      const stop = new AbortController();
      const onSignal = (): void => stop.abort();
      process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
      try {
        ended(await attackGate(command, options, out, stop.signal));
      } finally {
        process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      }
    });
}

/** Runs the attack and prints what it found. Answers the exit code. */
export async function attackGate(
  command: readonly string[],
  options: Options,
  out: Out,
  signal?: AbortSignal,
): Promise<0 | 1 | 3> {
  try {
    const site = siteOf(options);
    const states = chosen(attackStates(site), options.only);
    if (options.list) return list(states, options, out);
    if (!options.own && command.length === 0) {
      throw new CannotAttack(
        'no command was given; write it after --, such as: healproof attack-gate -- ./gate.sh',
      );
    }
    const results = await run(
      command,
      { site, states, ...(signal === undefined ? {} : { signal }) },
      options,
      out,
    );
    if (options.json) out.line(JSON.stringify(attackReport(command, results, speedOf(options)), null, 2));
    else sum(results, options, out);
    const code = exitCodeOf(scoreAll(results));
    if (code === 3) out.error(NEVER_ASKED);
    return code;
  } catch (error) {
    if (signal?.aborted !== true && !(error instanceof CannotAttack)) throw error;
    out.error(`attack-gate: ${error instanceof CannotAttack ? error.message : 'stopped; no score'}`);
    return 3;
  }
}

const NEVER_ASKED =
  'attack-gate: no run asked gluster anything, so what it survived means nothing. Run the gate by hand and see what it says; ' +
  'when it works there, it sets PATH or talks to the cluster without the gluster command, and can not be attacked like this';

const speedOf = ({ realSleep, speed }: Options): number => (realSleep ? 1 : speed);

function siteOf({ nodes, node: asked, volume }: Options): AttackSite {
  const [first, second, third] = nodes.map((one) => node(one.trim()));
  const three =
    first !== undefined && second !== undefined && third !== undefined && new Set(nodes).size === 3;
  if (!three || nodes.length !== 3 || !nodes.includes(asked)) {
    throw new CannotAttack(
      `the site has three different nodes and the one that is asked about is among them; got --nodes ${nodes.join(',')} --node ${asked}`,
    );
  }
  if (![...nodes, volume].every((one) => /^[A-Za-z0-9_-]{1,63}$/.test(one))) {
    throw new CannotAttack('names of nodes and volume have letters, digits, - and _ only');
  }
  return { ...DEFAULT_SITE, nodes: [first, second, third], asked: node(asked), volume };
}

function chosen(states: readonly AttackState[], only: readonly string[]): readonly AttackState[] {
  const unknown = only.filter((name) => !states.some((state) => state.name === name));
  if (unknown.length > 0) {
    throw new CannotAttack(`there is no state ${unknown.join(', ')}; attack-gate --list lists them`);
  }
  return only.length === 0 ? states : states.filter((state) => only.includes(state.name));
}

function list(states: readonly AttackState[], { json }: Options, out: Out): 0 {
  if (json) {
    const rows = states.map(({ name, title, truth, lure, shownBy }) => ({
      name,
      title,
      truth,
      lure,
      shownBy,
    }));
    out.line(JSON.stringify(rows, null, 2));
  } else for (const line of stateLines(states)) out.line(line);
  return 0;
}

async function run(
  command: readonly string[],
  what: {
    readonly site: AttackSite;
    readonly states: readonly AttackState[];
    readonly signal?: AbortSignal;
  },
  options: Options,
  out: Out,
): Promise<readonly AttackResult[]> {
  const { states } = what;
  const paint = out.colour ? COLOURS : PLAIN;
  const speed = speedOf(options);
  const begins = (gate: Beginning['gate']): void => {
    const beginning = { states: states.length, limitMs: options.limit, speed, gate };
    if (!options.json) for (const line of opening(beginning)) out.line(line);
  };
  const inOrder = printer(states, (result) => {
    if (!options.json) for (const line of resultLines(result, paint)) out.line(line);
  });
  const common = {
    ...what,
    when: options.own ? ({ kind: 'exit', code: 0 } as const) : options.goWhen,
    limitMs: options.limit,
    speed,
    told: inOrder,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
  };
  if (!options.own) return attackCommand(command, { ...common, begins: (network) => begins({ network }) });
  begins('own');
  // It asks three nodes at once, each a dozen commands: patience is what it needs on a busy machine.
  return attack(ownGate(HEALED), { leastPatienceSeconds: 10, jobs: 2, ...common });
}

/** Results come as they end; they are printed in the order of the states. */
function printer(
  states: readonly AttackState[],
  print: (result: AttackResult) => void,
): (result: AttackResult) => void {
  const waiting = new Map<AttackState, AttackResult>();
  let next = 0;
  return (result) => {
    waiting.set(result.state, result);
    for (;;) {
      const state = states[next];
      const ready = state === undefined ? undefined : waiting.get(state);
      if (ready === undefined) return;
      next += 1;
      print(ready);
    }
  };
}

function sum(results: readonly AttackResult[], options: Options, out: Out): void {
  out.line('');
  for (const line of scoreLines(scoreAll(results), out.colour ? COLOURS : PLAIN)) out.line(line);
  if (results.some((one) => one.worth !== 'survived') && options.only.length === 0) {
    out.line('One state again: healproof attack-gate --only STATE -- COMMAND ...');
  }
}

const COLOURS: Paint = {
  good: (text) => `\u001B[32m${text}\u001B[0m`,
  bad: (text) => `\u001B[1;31m${text}\u001B[0m`,
  dim: (text) => `\u001B[2m${text}\u001B[0m`,
};

function factor(text: string): number {
  const value = Number(text);
  if (!(value >= 1)) throw new Error('write a number of 1 or more');
  return value;
}
