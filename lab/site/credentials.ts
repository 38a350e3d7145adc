/** Which keys and agents are offered to a host, and why none is left when none is. */
import { existsSync } from 'node:fs';
import { readKey } from '../ssh/index.ts';
import type { Identity } from '../ssh/index.ts';
import type { HostSettings } from './host-settings.ts';
import type { Files } from './ssh-config.ts';

export interface Credentials {
  readonly identities: readonly Identity[];
  /** Key files that could not be used, each with the reason; told when the host refuses everything. */
  readonly leftOut: readonly string[];
}

export function credentialsOf(host: HostSettings, files: Files): Credentials {
  const identities: Identity[] = [];
  const leftOut: string[] = [];
  /** Of files that hold no usable private key: only an agent can prove these. */
  const named: string[] = [];
  for (const path of host.identityFiles) {
    const text = readOr(files, path, leftOut);
    const publicKey = publicKeyOf(
      files.read(`${path}.pub`) ?? (text?.startsWith('ssh-') === true ? text : ''),
    );
    if (text === undefined) {
      if (publicKey !== undefined) named.push(publicKey);
      else if (host.identitiesNamed) leftOut.push(`${path} is not there`);
      continue;
    }
    const read = readKey(text);
    if (read.kind === 'usable') {
      identities.push({ kind: 'key', privateKey: text });
      continue;
    }
    if (publicKey !== undefined) named.push(publicKey);
    if (read.kind === 'no-key' && publicKey === undefined)
      leftOut.push(`${path} can't be read as a private key: ${read.because}`);
    if (read.kind === 'encrypted')
      leftOut.push(`${path} is encrypted: put it into an agent (eval "$(ssh-agent)"; ssh-add ${path})`);
  }
  const agent = agentOf(host, named, leftOut);
  return { identities: [...identities, ...agent], leftOut };
}

/** Keys that are named come first, as with ssh (sshconnect2.c, `pubkey_prepare`): a host allows six tries, and an agent may hold more keys. */
function agentOf(host: HostSettings, named: readonly string[], leftOut: string[]): readonly Identity[] {
  const { agent, identitiesOnly } = host;
  if (agent === undefined) return [];
  if (!existsSync(agent)) {
    leftOut.push(`the agent's socket ${agent} is not there`);
    return [];
  }
  const all = { kind: 'agent', socket: agent } as const;
  if (identitiesOnly) return [{ ...all, only: named }];
  return named.length > 0 ? [{ ...all, only: named }, all] : [all];
}

function readOr(files: Files, path: string, leftOut: string[]): string | undefined {
  try {
    return files.read(path);
  } catch (error) {
    leftOut.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** The middle of an authorized_keys line. */
const publicKeyOf = (text: string): string | undefined => /^\S+ ([A-Za-z0-9+/]+=*)/.exec(text)?.[1];
