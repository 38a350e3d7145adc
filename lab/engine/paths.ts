/** Where Healproof keeps what outlives a run: caches, logs, and the engine of its own. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** `${XDG_CACHE_HOME:-~/.cache}/healproof`. A relative XDG_CACHE_HOME is ignored, as its specification says. */
export function cacheFolder(env: Env = process.env): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg?.startsWith('/') ? xdg : join(env['HOME'] ?? homedir(), '.cache');
  return join(base, 'healproof');
}

export interface EnginePaths {
  readonly folder: string;
  readonly socket: string;
  readonly data: string;
  readonly run: string;
  readonly pid: string;
  readonly log: string;
  readonly lock: string;
}

/** Files of the engine that Healproof starts when there is none. */
export function enginePaths(env: Env = process.env): EnginePaths {
  const folder = join(cacheFolder(env), 'engine');
  const file = (name: string): string => join(folder, name);
  return {
    folder,
    socket: file('docker.sock'),
    data: file('data'),
    run: file('run'),
    pid: file('dockerd.pid'),
    log: file('dockerd.log'),
    lock: file('lock'),
  };
}
