/** Where a Docker Engine may be, in the order in which the docker command would look. Reads files, asks nobody. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Env } from './paths.ts';
import { enginePaths } from './paths.ts';

export type EngineKind = 'env' | 'context' | 'system' | 'private';

export interface Candidate {
  readonly kind: EngineKind;
  /** `unix:///path` or `tcp://host:port`. */
  readonly host: string;
  /** Who named it, for messages. */
  readonly from: string;
  /** Somebody asked for exactly this one: if it is dead, no other may take its place. */
  readonly explicit: boolean;
}

/** File contents, or undefined when it can't be read. */
export type ReadFile = (path: string) => string | undefined;

const readText: ReadFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

export class BadDockerSettings extends Error {}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadDockerSettings(
      `reading Docker's settings: ${path} is not JSON (${error instanceof Error ? error.message : String(error)}). Repair it, or set DOCKER_HOST.`,
    );
  }
}

/** `value.a.b.c` when all of that is there and a non-empty string. */
function textAt(value: unknown, ...path: string[]): string | undefined {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'string' && at !== '' ? at : undefined;
}

/** The docker context in use: DOCKER_CONTEXT, else `currentContext` of config.json; `default` means none. */
function contextCandidate(env: Env, read: ReadFile): Candidate | undefined {
  const folder = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker');
  const configPath = join(folder, 'config.json');
  const config = read(configPath);
  const asked = env['DOCKER_CONTEXT'];
  const name = asked ?? (config ? textAt(parseJson(configPath, config), 'currentContext') : undefined);
  if (!name || name === 'default') return undefined;
  // docker names a context's folder by the hash of the context's name
  const metaPath = join(
    folder,
    'contexts/meta',
    createHash('sha256').update(name).digest('hex'),
    'meta.json',
  );
  const meta = read(metaPath);
  const host = meta ? textAt(parseJson(metaPath, meta), 'Endpoints', 'docker', 'Host') : undefined;
  if (!host)
    throw new BadDockerSettings(
      `reading Docker's settings: the context "${name}" (${asked ? 'DOCKER_CONTEXT' : configPath}) has no Docker endpoint in ${metaPath}. Choose another: docker context use default`,
    );
  return {
    kind: 'context',
    host,
    from: `docker context "${name}"`,
    explicit: asked !== undefined,
  };
}

/** All places to look, best first. DOCKER_HOST wins over everything, and then nothing else is looked at. */
export function engineCandidates(env: Env = process.env, read: ReadFile = readText): readonly Candidate[] {
  const host = env['DOCKER_HOST'];
  if (host) return [{ kind: 'env', host, from: 'DOCKER_HOST', explicit: true }];
  const context = contextCandidate(env, read);
  if (context?.explicit) return [context];
  const socket = (kind: EngineKind, path: string, from: string): Candidate => ({
    kind,
    host: `unix://${path}`,
    from,
    explicit: false,
  });
  const rootless = env['XDG_RUNTIME_DIR'];
  return [
    ...(context ? [context] : []),
    socket('system', '/var/run/docker.sock', 'the usual socket'),
    ...(rootless ? [socket('system', join(rootless, 'docker.sock'), 'the rootless socket')] : []),
    socket('private', enginePaths(env).socket, "Healproof's own engine"),
  ];
}
