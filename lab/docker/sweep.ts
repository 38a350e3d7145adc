/** Removal of what a run made, found by its labels alone, so that it works without any memory of the run. */
import { messageOf, statusOf } from './connection.ts';
import type { Engine } from './connection.ts';
import { OURS } from './labels.ts';
import { networkTurn } from './network-turn.ts';
import { within } from './within.ts';

export interface Leftover {
  readonly kind: 'container' | 'network' | 'volume';
  readonly id: string;
  readonly name: string;
  readonly run: string;
  readonly pid: number;
}

type Labels = Readonly<Record<string, string>> | null | undefined;

const leftover = (kind: Leftover['kind'], id: string, name: string, labels: Labels): Leftover => ({
  kind,
  id,
  name,
  run: labels?.[`${OURS}.run`] ?? '',
  pid: Number(labels?.[`${OURS}.pid`] ?? 0),
});

/** An answer to a question that changes nothing takes milliseconds, on a busy machine seconds. */
const LOOK_MS = 15_000;

/** Everything on the engine that carries our label, of one run or of all. @throws when the engine does not say. */
export async function findOurs(engine: Engine, run?: string): Promise<readonly Leftover[]> {
  const filters = { label: [run === undefined ? `${OURS}.run` : `${OURS}.run=${run}`] };
  const looking = Promise.all([
    engine.api.listContainers({ all: true, filters }),
    engine.api.listNetworks({ filters }),
    engine.api.listVolumes({ filters: JSON.stringify(filters) as never }),
  ]);
  const whose = run === undefined ? 'all runs' : run;
  const [containers, networks, volumes] = await within(looking, LOOK_MS, `asking what there is of ${whose}`);
  return [
    ...containers.map((c) => leftover('container', c.Id, c.Names[0]?.slice(1) ?? c.Id, c.Labels)),
    ...networks.map((n) => leftover('network', n.Id, n.Name, n.Labels)),
    ...(volumes.Volumes ?? []).map((v) => leftover('volume', v.Name, v.Name, v.Labels)),
  ];
}

const GONE = new Set([304, 404, 409]);

/** `leftMs`: until the deadline, asked when the engine is. */
async function removeOne(engine: Engine, thing: Leftover, leftMs: () => number): Promise<void> {
  const asked = (request: Promise<unknown>): Promise<unknown> => within(request, leftMs(), 'removing it');
  const { kind, id } = thing;
  if (kind === 'network') await asked(engine.api.getNetwork(id).remove());
  else if (kind === 'volume') await asked(engine.api.getVolume(id).remove());
  else {
    const turnOver = await networkTurn();
    try {
      await asked(engine.api.getContainer(id).remove({ force: true, v: true }));
    } finally {
      turnOver();
    }
  }
}

/** Docker 20.10 can lose count of a network's endpoints; a network that no container is on any more then stays. */
const explained = (message: string): string =>
  message.includes('has active endpoints')
    ? `${message} (if no container is on it, the engine has lost count: it can be removed after the engine's next start)`
    : message;

/** For one round of removals. Containers take turns, half a second each; many labs may be left over. */
const roundMs = (things: readonly Leftover[]): number => 60_000 + things.length * 5000;

/** Removes containers first, then networks and volumes; goes on after a failure and says what could not be removed. */
export async function remove(
  engine: Engine,
  things: readonly Leftover[],
  withinMs = roundMs(things),
): Promise<readonly string[]> {
  const leftMs = leftOf(withinMs);
  const failures: string[] = [];
  const removeAll = async (kinds: readonly Leftover['kind'][]): Promise<void> => {
    await Promise.all(
      things
        .filter((thing) => kinds.includes(thing.kind))
        .map(async (thing) => {
          try {
            await removeOne(engine, thing, leftMs);
          } catch (error) {
            if (!GONE.has(statusOf(error) ?? 0))
              failures.push(`${thing.kind} ${thing.name}: ${explained(messageOf(error))}`);
          }
        }),
    );
  };
  await removeAll(['container']);
  await removeAll(['network', 'volume']);
  return failures;
}

const leftOf = (withinMs: number): (() => number) => {
  const deadline = performance.now() + withinMs;
  return () => Math.max(deadline - performance.now(), 0);
};

/**
 * Removes all of one run, again until nothing is left or the deadline passes (a killed run may still have been creating).
 * @throws when the engine does not say what is left.
 */
export async function sweepRun(engine: Engine, run: string, withinMs: number): Promise<readonly string[]> {
  const leftMs = leftOf(withinMs);
  let failures: readonly string[] = [];
  for (;;) {
    const things = await findOurs(engine, run);
    if (things.length === 0) return [];
    if (leftMs() === 0)
      return failures.length > 0
        ? failures
        : things.map(({ kind, name }) => `${kind} ${name} is still there`);
    failures = await remove(engine, things, leftMs());
  }
}

/** A process is alive when signal 0 reaches it; EPERM means alive and somebody else's. */
export function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
