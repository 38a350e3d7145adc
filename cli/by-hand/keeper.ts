/**
 * `node cli/by-hand/keeper.ts RUN ORDER`: opens a lab and keeps it until it is told to stop, for as long as a person works in it.
 * It outlives the command that started it. However it ends, the lab goes with it: by its own teardown, else by the janitor.
 */
import { Live, servicePending, until, volumePending } from '../../harness/index.ts';
import type { SiteSpec } from '../../harness/index.ts';
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

async function keep(run: string, { spec, facts }: Order, signal: AbortSignal): Promise<void> {
  const since = Date.now();
  const state: LabState = { run, pid: process.pid, spec, since, ready: false, machines: [] };
  using journal = openJournal(historyOf(run), { beganMs: since });
  const live = new Live(journal);
  live.record({
    kind: 'run-began',
    run,
    scenario: 'by-hand',
    spec,
    epochMs: since,
    versions: { glusterfs: facts.glusterfs },
    modelled: [],
  });
  try {
    const open = labOpener(kitFrom(facts, folderOf), since);
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
    writeState({ ...state, ready: true, machines });
    await aborted(signal);
  } catch (error) {
    live.record({ kind: 'aborted', because: messageOf(error) });
    if (!signal.aborted) writeState({ ...state, error: messageOf(error) });
    throw error;
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

async function main(run: string, order: Order): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort(signal));
  try {
    await keep(run, order, stop.signal);
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
