/** `healproof up`: starts a keeper, shows what it does, and leaves it alone once the lab is ready. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { until } from '../../harness/index.ts';
import type { DiskErrorPolicy, Event, Layout, SiteSpec, VolumeOptions } from '../../harness/index.ts';
import { kitFrom, realClock } from '../../lab/index.ts';
import type { KitFacts } from '../../lab/index.ts';
import { site } from '../../scenarios/index.ts';
import { takeDown } from './down.ts';
import type { Order } from './keeper.ts';
import {
  dropState,
  folderOf,
  historyOf,
  keeperLives,
  keeperLogOf,
  labStates,
  readState,
  seconds,
  takeFolder,
  writeState,
} from './labs.ts';
import type { LabState, Talk } from './labs.ts';

export interface UpOptions extends Talk {
  readonly layout: Layout;
  readonly options: VolumeOptions;
  readonly policy: DiskErrorPolicy;
  /** Default: as in the stories. */
  readonly imageMib?: number;
  readonly shardMib?: number;
}

const UP_MS = 300_000;

function siteOf({ layout, options, policy, imageMib, shardMib }: UpOptions): SiteSpec {
  const spec = site({ layout, options, diskErrorPolicy: policy, exporter: true });
  return {
    ...spec,
    imageMiB: imageMib ?? spec.imageMiB,
    volume: { ...spec.volume, shardMiB: shardMib ?? spec.volume.shardMiB },
  };
}

/** 0 when the lab is ready; 1 when it could not be brought up, and then nothing of it is left but its history. */
export async function upCommand(options: UpOptions, facts: KitFacts): Promise<0 | 1> {
  const { layout, options: volumeOptions, policy, say, complain } = options;
  const spec = siteOf(options);
  const run = takeFolder();
  say(`Bringing up ${run} (${layout}, ${volumeOptions}, disk errors: ${policy})`);
  const began = performance.now();
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => stop.abort(signal);
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const keeper = startKeeper(run, { spec, facts });
    const why = await awaitReady(run, keeper, say, stop.signal);
    if (why === undefined) {
      say(`${run} is ready after ${seconds(performance.now() - began)}.`);
      for (const line of whatNext(run, labStates())) say(line);
      return 0;
    }
    complain(`up: ${why}`);
    if (keeper.ended === undefined) {
      say(`taking ${run} down again`);
      const { engine } = kitFrom(facts, folderOf);
      for (const left of await takeDown(engine, { run, pid: keeper.pid }))
        complain(`up: ${left} is left; remove it with: healproof prune`);
    }
    complain(`up: what happened is in ${folderOf(run)}`);
    return 1;
  } finally {
    dropStateIfDead(run);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

interface Keeper {
  readonly pid: number;
  /** How it ended, if it has. */
  readonly ended: string | undefined;
}

function startKeeper(run: string, order: Order): Keeper {
  const log = openSync(keeperLogOf(run), 'a');
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'keeper.ts'), run, JSON.stringify(order)],
    // A session of its own: the terminal's Ctrl-C and its closing are not for the keeper.
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const pid = child.pid ?? 0;
  // At once, so that nobody takes the folder for one of a lab that is gone; from here on it is the keeper's.
  writeState({ run, pid, spec: order.spec, since: Date.now(), ready: false, machines: [] });
  let ended: string | undefined;
  child.once('error', (error) => (ended = `it could not be started: ${error.message}`));
  child.once('exit', (code, signal) => (ended ??= signal === null ? `exit code ${code}` : signal));
  child.unref();
  return {
    pid,
    get ended() {
      return ended;
    },
  };
}

/** Undefined when the lab is ready, else why it is not. */
async function awaitReady(
  run: string,
  keeper: Keeper,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const tail = new Tail(historyOf(run));
  const pending = (): string | undefined => {
    for (const event of tail.more())
      if (event.kind === 'note') say(`${(event.atMs / 1000).toFixed(1).padStart(6)} s  ${event.text}`);
    return readState(run)?.ready === true || keeper.ended !== undefined ? undefined : 'the lab to be ready';
  };
  const waited = await until(realClock, pending, { withinMs: UP_MS, everyMs: 200, signal });
  if (readState(run)?.ready === true && keeper.ended === undefined) return undefined;
  if (keeper.ended !== undefined)
    return readState(run)?.error ?? `the keeper ended early (${keeper.ended})${lastWords(run)}`;
  return signal.aborted
    ? `stopped (${String(signal.reason)})`
    : `the lab was not ready after ${seconds(waited.tookMs)}`;
}

const lastWords = (run: string): string => {
  const words = readFileSync(keeperLogOf(run), 'utf8').trim().slice(-2000);
  return words === '' ? '' : `:\n${words}`;
};

function dropStateIfDead(run: string): void {
  const state = readState(run);
  if (state !== undefined && !keeperLives(state)) dropState(run);
}

function whatNext(run: string, states: readonly LabState[]): readonly string[] {
  const which = states.length > 1 ? ` --run ${run}` : '';
  const node = states.find((state) => state.run === run)?.spec.nodes[0] ?? 'pve1';
  return [
    `  a shell on a node     healproof ssh${which} ${node}`,
    `  one command           healproof ssh${which} ${node} -- gluster volume heal vmstore info`,
    `  what stands           healproof status`,
    `  take it down          healproof down${which}`,
    `  what happens in it    tail -f ${historyOf(run)}`,
  ];
}

/** Events that have come to a history since it was last asked. A line that is not whole yet comes the next time. */
class Tail {
  readonly #path: string;
  readonly #decoder = new StringDecoder('utf8');
  #at = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  more(): readonly Event[] {
    const lines = (this.#rest + this.#read()).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => JSON.parse(line) as Event);
  }

  #read(): string {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
    try {
      const chunk = Buffer.allocUnsafe(1 << 20);
      const got = readSync(file, chunk, 0, chunk.length, this.#at);
      this.#at += got;
      return this.#decoder.write(chunk.subarray(0, got));
    } finally {
      closeSync(file);
    }
  }
}
