/** Ends the private engine, and only that one, without a trace but its data. */
import { access, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { lock, runCommand } from '../host/index.ts';
import { bridgesOf, clearNetwork } from './bridges.ts';
import { askFacts } from './find.ts';
import { bridgeName } from './flags.ts';
import type { EnginePaths, Env } from './paths.ts';
import { enginePaths } from './paths.ts';
import { ownPid } from './private.ts';
import type { Say } from './install.ts';
import { commandLine, processesCalled, readMountsBelow } from './procs.ts';
import { usersOf } from './users.ts';
import type { EngineUser } from './users.ts';

/** dockerd gives its containers 15 s to end; then come unmounting and networks. */
const STOP_LIMIT_MS = 45_000;

export type EngineState =
  | { readonly kind: 'running'; readonly pid: number; readonly host: string; readonly version: string }
  | { readonly kind: 'silent'; readonly pid: number; readonly host: string; readonly why: string }
  | { readonly kind: 'stopped'; readonly leftovers: readonly string[] };

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** What the private engine is doing. Says nothing about other engines. */
export async function engineStatus(env: Env = process.env): Promise<EngineState> {
  const paths = enginePaths(env);
  const host = `unix://${paths.socket}`;
  const pid = await ownPid(paths);
  if (pid === undefined) {
    const found: string[] = [];
    for (const path of [paths.pid, paths.socket]) if (await isThere(path)) found.push(path);
    return { kind: 'stopped', leftovers: [...found, ...(await readMountsBelow(paths.folder))] };
  }
  try {
    const { version } = await askFacts({ kind: 'private', host, from: '', explicit: false });
    return { kind: 'running', pid, host, version };
  } catch (error) {
    return { kind: 'silent', pid, host, why: error instanceof Error ? error.message : String(error) };
  }
}

async function waitForEnd(pid: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    if ((await commandLine(pid)).length === 0) return true;
    await pause(100);
  }
  return false;
}

/** Ends a process, first politely. Throws when even SIGKILL does not end it. */
async function endProcess(pid: number, what: string, limitMs: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  if (await waitForEnd(pid, limitMs)) return;
  process.kill(pid, 'SIGKILL');
  if (await waitForEnd(pid, 5000)) return;
  throw new Error(
    `stopping the engine: ${what} (process ${pid}) survives SIGKILL, so it hangs in the kernel. See: cat /proc/${pid}/stack; dmesg`,
  );
}

/** containerd and shims of this engine, which a killed dockerd leaves behind: their arguments name our folder. */
async function leftoverProcesses(paths: EnginePaths): Promise<readonly number[]> {
  const names = ['containerd', 'containerd-shim-runc-v2', 'containerd-shim', 'docker-proxy'];
  const all = (await Promise.all(names.map((name) => processesCalled(name)))).flat();
  return all
    .filter(({ line }) => line.some((argument) => argument.startsWith(`${paths.run}/`)))
    .map(({ pid }) => pid);
}

type Stopped =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'was-not-running' }
  /** Left alone: it would end a lab that another process plays on. */
  | { readonly kind: 'in-use'; readonly by: readonly [EngineUser, ...EngineUser[]] };

interface StopOptions {
  readonly say: Say;
  /** Under labs of others, too. */
  readonly force?: boolean;
  readonly env?: Env;
}

/** Stops it if it runs and nobody works on it, and clears what it left in any case; its images stay. */
export async function stopEngine({ say, force = false, env = process.env }: StopOptions): Promise<Stopped> {
  const paths = enginePaths(env);
  await using scope = new AsyncDisposableStack();
  scope.use(await lock(paths.lock, { limitMs: 90_000, what: 'stopping the engine' }));
  const pid = await ownPid(paths);
  if (pid !== undefined && !force) {
    const [first, ...others] = await usersOf(`unix://${paths.socket}`, process.pid);
    if (first !== undefined) return { kind: 'in-use', by: [first, ...others] };
  }
  const bridges = pid === undefined ? undefined : await bridgesOf(`unix://${paths.socket}`);
  if (pid !== undefined) {
    say(`stopping the Docker Engine at ${paths.socket} (process ${pid})`);
    await endProcess(pid, 'dockerd', STOP_LIMIT_MS);
  }
  for (const left of await leftoverProcesses(paths)) await endProcess(left, 'a leftover of dockerd', 5000);
  for (const mount of await readMountsBelow(paths.folder))
    await runCommand(['umount', '--lazy', mount], { limitMs: 5000 });
  const still = await readMountsBelow(paths.folder);
  if (still.length > 0)
    throw new Error(
      `stopping the engine: can't unmount ${still.join(', ')}. See who uses them: fuser -vm PATH`,
    );
  await clearNetwork(bridgeName(paths), bridges);
  await rm(paths.socket, { force: true });
  await rm(paths.pid, { force: true });
  return { kind: pid === undefined ? 'was-not-running' : 'stopped' };
}
