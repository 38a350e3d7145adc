/** known_hosts as sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT", has it. Pure. */
import { createHmac } from 'node:crypto';
import { inList } from './patterns.ts';

export interface KnownKey {
  readonly marker: 'cert-authority' | 'revoked' | undefined;
  /** As written: a list of patterns, or one hashed name. */
  readonly hosts: string;
  readonly type: string;
  readonly base64: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A line that is no entry says nothing about any host; ssh passes over it too. */
export function parseKnownHosts(text: string, file: string): readonly KnownKey[] {
  return text.split('\n').flatMap((raw, index): readonly KnownKey[] => {
    const words = raw.trim().split(/[ \t]+/);
    const marked = words[0]?.startsWith('@') === true ? words.shift()?.slice(1) : undefined;
    const [hosts = '', type = '', base64 = ''] = words;
    if (hosts === '' || hosts.startsWith('#') || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return [];
    if (marked !== undefined && marked !== 'cert-authority' && marked !== 'revoked') return [];
    return [{ marker: marked, hosts, type, base64, file, line: index + 1 }];
  });
}

/** Names are in lower case; another port than 22 is part of the name. */
export const knownAs = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

export function isFor({ hosts }: KnownKey, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(hosts) ?? [];
  if (salt !== undefined)
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  return inList(hosts.toLowerCase().split(','), name);
}

export type Trust =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown'; readonly otherTypes: readonly string[] }
  | { readonly kind: 'changed'; readonly entry: KnownKey }
  | { readonly kind: 'revoked'; readonly entry: KnownKey }
  /** The host is known only by an authority that signs host keys. */
  | { readonly kind: 'certificate-only'; readonly entry: KnownKey };

export interface ShownKey {
  readonly type: string;
  readonly base64: string;
}

/**
 * `names`: the name to look up first. A second one (without the port) is asked only when the first has no key of that type, as ssh does
 * (sshconnect.c, `check_host_key`, HOST_NEW), and counts only when the very same key stands there.
 */
export function trust(
  keys: readonly KnownKey[],
  names: readonly [string, ...string[]],
  shown: ShownKey,
): Trust {
  const same = (one: KnownKey): boolean => one.type === shown.type && one.base64 === shown.base64;
  const revoked = keys.find(
    (one) => one.marker === 'revoked' && same(one) && names.some((name) => isFor(one, name)),
  );
  if (revoked !== undefined) return { kind: 'revoked', entry: revoked };
  const plain = keys.filter((one) => one.marker === undefined);
  const mine = plain.filter((one) => isFor(one, names[0]));
  if (mine.some(same)) return { kind: 'known' };
  const changed = mine.find((one) => one.type === shown.type);
  if (changed !== undefined) return { kind: 'changed', entry: changed };
  if (names.slice(1).some((name) => plain.some((one) => same(one) && isFor(one, name))))
    return { kind: 'known' };
  const authority = keys.find((one) => one.marker === 'cert-authority' && isFor(one, names[0]));
  if (authority !== undefined && mine.length === 0) return { kind: 'certificate-only', entry: authority };
  return { kind: 'unknown', otherTypes: mine.map((one) => one.type) };
}
