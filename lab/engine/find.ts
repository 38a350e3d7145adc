/** Which Docker Engine to use, and what it is. */
import type { Candidate, EngineKind } from './candidates.ts';
import { engineCandidates } from './candidates.ts';
import { EngineUnreachable, engineJson } from './http.ts';
import type { Env } from './paths.ts';

const ANSWER_LIMIT_MS = 5000;

export interface EngineFacts {
  /** `unix:///path` or `tcp://host:port`, as DOCKER_HOST has it. */
  readonly host: string;
  /** Path of the socket when the engine is on this machine. */
  readonly socketPath: string | undefined;
  readonly kind: EngineKind;
  readonly from: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cgroupVersion: string;
  readonly storageDriver: string;
  readonly securityOptions: readonly string[];
  readonly rootless: boolean;
  /** Root in a container is somebody else on the machine (`userns-remap`). */
  readonly remapped: boolean;
  /** As Go names it: amd64, arm64; empty when it does not say. */
  readonly arch: string;
  /** Where the engine keeps its data, on the engine's machine. */
  readonly dataRoot: string;
  readonly operatingSystem: string;
}

export interface DeadCandidate {
  readonly candidate: Candidate;
  readonly why: string;
  /** There is not even a socket. */
  readonly missing: boolean;
}

export type EngineSearch =
  | { readonly kind: 'found'; readonly engine: EngineFacts; readonly dead: readonly DeadCandidate[] }
  | { readonly kind: 'none'; readonly dead: readonly DeadCandidate[] }
  /** The one that was asked for by name does not answer; another would be a surprise. */
  | { readonly kind: 'refused'; readonly dead: DeadCandidate };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Asks one engine who it is. Throws when it does not answer. */
export async function askFacts({ host, kind, from }: Candidate): Promise<EngineFacts> {
  const get = async (path: string): Promise<Record<string, unknown>> =>
    record(await engineJson(host, { path, limitMs: ANSWER_LIMIT_MS }));
  const version = await get('/version');
  const info = await get('/info');
  const securityOptions = (Array.isArray(info['SecurityOptions']) ? info['SecurityOptions'] : []).map(text);
  return {
    host,
    socketPath: host.startsWith('unix://') ? host.slice('unix://'.length) : undefined,
    kind,
    from,
    version: text(version['Version']),
    apiVersion: text(version['ApiVersion']),
    // engines before 20.10 do not say, and knew only version 1
    cgroupVersion: text(info['CgroupVersion']) || '1',
    storageDriver: text(info['Driver']),
    securityOptions,
    rootless: securityOptions.some((option) => option.includes('rootless')),
    remapped: securityOptions.some((option) => option.includes('name=userns')),
    arch: text(version['Arch']),
    dataRoot: text(info['DockerRootDir']),
    operatingSystem: text(info['OperatingSystem']),
  };
}

/** Asks the candidates one after the other and takes the first that answers. */
export async function findEngine(env: Env = process.env): Promise<EngineSearch> {
  const dead: DeadCandidate[] = [];
  for (const candidate of engineCandidates(env)) {
    try {
      return { kind: 'found', engine: await askFacts(candidate), dead };
    } catch (error) {
      const missing = error instanceof EngineUnreachable && error.missing;
      const one = { candidate, why: messageOf(error), missing };
      if (candidate.explicit) return { kind: 'refused', dead: one };
      dead.push(one);
    }
  }
  return { kind: 'none', dead };
}
