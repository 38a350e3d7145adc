/** Removal of what a run made, found by its labels alone, so that it works without any memory of the run. */
import { messageOf, statusOf } from './connection.ts';
import type { Engine } from './connection.ts';
import { OURS } from './labels.ts';
import { networkTurn } from './network-turn.ts';

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

/** Everything on the engine that carries our label, of one run or of all. */
export async function findOurs(engine: Engine, run?: string): Promise<readonly Leftover[]> {
  const filters = { label: [run === undefined ? `${OURS}.run` : `${OURS}.run=${run}`] };
  const [containers, networks, volumes] = await Promise.all([
    engine.api.listContainers({ all: true, filters }),
    engine.api.listNetworks({ filters }),
    engine.api.listVolumes({ filters: JSON.stringify(filters) as never }),
  ]);
  return [
    ...containers.map((c) => leftover('container', c.Id, c.Names[0]?.slice(1) ?? c.Id, c.Labels)),
    ...networks.map((n) => leftover('network', n.Id, n.Name, n.Labels)),
    ...(volumes.Volumes ?? []).map((v) => leftover('volume', v.Name, v.Name, v.Labels)),
  ];
}

const GONE = new Set([304, 404, 409]);

async function removeOne(engine: Engine, { kind, id }: Leftover): Promise<void> {
  if (kind === 'container') await removeContainer(engine, id);
  else if (kind === 'network') await engine.api.getNetwork(id).remove();
  else await engine.api.getVolume(id).remove();
}

async function removeContainer(engine: Engine, id: string): Promise<void> {
  const turnOver = await networkTurn();
  try {
    await engine.api.getContainer(id).remove({ force: true, v: true });
  } finally {
    turnOver();
  }
}

/** Docker 20.10 can lose count of a network's endpoints; a network that no container is on any more then stays. */
const explained = (message: string): string =>
  message.includes('has active endpoints')
    ? `${message} (if no container is on it, the engine has lost count: it can be removed after the engine's next start)`
    : message;

/** Removes containers first, then networks and volumes; goes on after a failure and says what could not be removed. */
export async function remove(engine: Engine, things: readonly Leftover[]): Promise<readonly string[]> {
  const failures: string[] = [];
  const removeAll = async (kinds: readonly Leftover['kind'][]): Promise<void> => {
    await Promise.all(
      things
        .filter((thing) => kinds.includes(thing.kind))
        .map(async (thing) => {
          try {
            await removeOne(engine, thing);
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

/** Removes all of one run, again until nothing is left or the deadline passes (a killed run may still have been creating). */
export async function sweepRun(engine: Engine, run: string, withinMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  let failures: readonly string[] = [];
  for (;;) {
    const things = await findOurs(engine, run);
    if (things.length === 0) return [];
    if (performance.now() > deadline)
      return failures.length > 0
        ? failures
        : things.map(({ kind, name }) => `${kind} ${name} is still there`);
    failures = await remove(engine, things);
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
