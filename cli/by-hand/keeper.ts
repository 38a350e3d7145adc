/**
 * `node cli/by-hand/keeper.ts RUN ORDER`: opens a lab and keeps it until it is told to stop, for as long as a person works in it.
 * It outlives the command that started it. However it ends, the lab goes with it: by its own teardown, else by the janitor.
 */
import { guarded, Live, servicePending, until, volumePending } from '../../harness/index.ts';
import type { Journal, SiteSpec } from '../../harness/index.ts';
import { kitFrom, labOpener, nodeAddresses, realClock } from '../../lab/index.ts';
import type { KitFacts } from '../../lab/index.ts';
import { openJournal } from '../../reports/index.ts';
import { dropState, folderOf, historyOf, messageOf, sshFolderOf, writeState } from './labs.ts';
import type { LabState } from './labs.ts';

/** What the keeper is told, as JSON. */
export interface Order {
  readonly spec: SiteSpec;
  readonly facts: KitFacts;
}

/** From a volume that is mounted and routers that run to probes that are green. */
const READY_MS = 90_000;

export interface Keeping {
  readonly open: ReturnType<typeof labOpener>;
  readonly journal: Journal;
  /** Somebody tells the keeper to take the lab down. */
  readonly told: AbortSignal;
}

/**
 * Opens the lab and keeps it until it is told to stop. A lab whose history can't be kept, or whose engine is gone, is no use to anybody:
 * it is taken down, and the state says why from the first moment on. @throws then, and when it could not be opened.
 */
export async function keep(
  { run, pid, spec, since }: LabState,
  { glusterfs }: Pick<KitFacts, 'glusterfs'>,
  { open, journal, told }: Keeping,
): Promise<void> {
  const state: LabState = { run, pid, spec, since, ready: false, machines: [] };
  const broken = new AbortController();
  // An `aborted` event breaks it, too: one from the evidence, or from below.
  const live = new Live(guarded(journal, (because) => broken.abort(because)));
  broken.signal.addEventListener('abort', () => {
    if (!told.aborted) tryToWrite({ ...state, error: String(broken.signal.reason) });
  });
  const signal = AbortSignal.any([told, broken.signal]);
  try {
    live.record({
      kind: 'run-began',
      run,
      scenario: 'by-hand',
      spec,
      epochMs: since,
      versions: { glusterfs },
      modelled: [],
    });
    await using lab = await open(spec, run, live, signal);
    await awaitReady(spec, live, since, signal);
    const { nodes, others, made } = lab.standing;
    const lan = new Map(nodeAddresses(spec, made.plan).map((one) => [String(one.node), one.lan]));
    const machines = [...nodes.values(), ...others.values()].map(({ hostname, name }) => ({
      name: hostname,
      container: name,
      ...(lan.has(hostname) ? { lan: lan.get(hostname) ?? '' } : {}),
    }));
    await lab.writeSshFiles(sshFolderOf(run));
    live.record({ kind: 'note', text: 'the lab is ready' });
    if (!signal.aborted) writeState({ ...state, ready: true, machines });
    await aborted(signal);
  } catch (error) {
    if (broken.signal.aborted) throw new Error(String(broken.signal.reason), { cause: error });
    live.record({ kind: 'aborted', because: messageOf(error) });
    throw error;
  }
  if (broken.signal.aborted) throw new Error(String(broken.signal.reason));
}

/** On a disk that is full there may be no room for a state either; then it says that the keeper is gone. */
function tryToWrite(state: LabState): void {
  try {
    writeState(state);
  } catch (error) {
    process.stderr.write(`keeper of ${state.run}: its state could not be written: ${messageOf(error)}\n`);
  }
}

async function awaitReady(spec: SiteSpec, live: Live, since: number, signal: AbortSignal): Promise<void> {
  const pending = (): readonly string[] => {
    const nowMs = realClock.epochMs() - since;
    return [...volumePending(spec, live, nowMs), ...servicePending(spec, live, nowMs)];
  };
  const ready = await until(realClock, () => pending()[0], { withinMs: READY_MS, everyMs: 200, signal });
  if (ready.kind === 'late')
    throw new Error(`the lab stands but is not well after ${READY_MS / 1000} s: ${pending().join('; ')}`);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    // A promise alone keeps no process alive, and the lab's own timers are not there for that.
    const alive = setInterval(() => undefined, 60_000);
    const done = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });

async function main(run: string, { spec, facts }: Order): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort(signal));
  const since = Date.now();
  try {
    using journal = openJournal(historyOf(run), { beganMs: since });
    const open = labOpener(kitFrom(facts, folderOf), since);
    const state = { run, pid: process.pid, spec, since, ready: false, machines: [] };
    await keep(state, facts, { open, journal, told: stop.signal });
  } catch (error) {
    process.stderr.write(`keeper of ${run}: ${messageOf(error)}\n`);
    if (!stop.signal.aborted) return 1;
  }
  dropState(run);
  return 0;
}

const [run, order] = process.argv.slice(2);
if (import.meta.main && run !== undefined && order !== undefined) {
  // Connections to an engine that has gone may hold the process; the journal is closed by now.
  process.exit(await main(run, JSON.parse(order) as Order));
}
