/**
 * What ssh_config says about one host. The first value found wins, IdentityFile adds up (ssh_config(5)). What would change to whom we
 * connect, or as whom, and is not supported here is an error: silently leaving it out would be a different connection.
 */
import { userInfo } from 'node:os';
import { expandHome, realFiles } from './ssh-config.ts';
import type { Files, Rule } from './ssh-config.ts';
import { applies } from './criteria.ts';

export interface HostSettings {
  /** As it was asked for. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly string[];
  /** Named by the user; a default file that is missing is no error, a named one is told. */
  readonly identitiesNamed: boolean;
  /** Socket of the agent, when there is one. */
  readonly agent: string | undefined;
  readonly identitiesOnly: boolean;
  /** `[user@]host[:port]`, first hop first. */
  readonly jumps: readonly string[];
  readonly knownHostsFiles: readonly string[];
  /** Name under which the host's key is looked up instead of its own. */
  readonly hostKeyAlias: string | undefined;
  /** As written; anything but `yes` is followed as `yes`. */
  readonly strictHostKeyChecking: string | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly family: 'inet' | 'inet6' | undefined;
}

/** Said elsewhere than in ssh_config: on the command line, in a jump's name or in an inventory; it wins. */
export interface Overrides {
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  readonly jumps?: readonly string[];
}

/** Values that switch a thing off, for keywords that are not supported when they are on. */
const OFF: Readonly<Record<string, readonly string[]>> = {
  proxycommand: ['none'],
  certificatefile: ['none'],
  pkcs11provider: ['none'],
  securitykeyprovider: ['none', 'internal'],
  knownhostscommand: ['none'],
  revokedhostkeys: ['none'],
  canonicalizehostname: ['no'],
  bindaddress: [],
  bindinterface: [],
  pubkeyauthentication: ['yes', 'true'],
};
const INSTEAD: Readonly<Record<string, string>> = {
  proxycommand: 'write "ProxyJump HOST" for "ProxyCommand ssh -W %h:%p HOST"',
  certificatefile: 'add the plain public key to the node’s authorized_keys',
  knownhostscommand: 'write the keys into a known_hosts file',
  revokedhostkeys: 'write "@revoked" lines into known_hosts',
};
/** Keywords that are read. */
const READ: ReadonlySet<string> = new Set([
  'hostname',
  'port',
  'user',
  'identityfile',
  'identityagent',
  'identitiesonly',
  'proxyjump',
  'userknownhostsfile',
  'globalknownhostsfile',
  'stricthostkeychecking',
  'hostkeyalias',
  'connecttimeout',
  'addressfamily',
]);
/** In ssh's own order (ssh.c, `fill_default_options`), without security keys, which need a touch. */
const DEFAULT_IDENTITIES = ['~/.ssh/id_rsa', '~/.ssh/id_ecdsa', '~/.ssh/id_ed25519'];
const DEFAULT_KNOWN = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const DEFAULT_GLOBAL = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

export interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly localUser: string;
  readonly files: Files;
}

export const around = (): Around => ({
  env: process.env,
  localUser: userInfo().username,
  files: realFiles,
});

/** @throws with file and keyword for what is not supported. */
export function hostSettings(
  rules: readonly Rule[],
  alias: string,
  overrides: Overrides = {},
  here: Around = around(),
): HostSettings {
  const found = valuesFor(rules, alias, overrides, here);
  const one = (keyword: string): string | undefined => found.get(keyword)?.[0]?.[0];
  const all = (keyword: string): readonly string[] | undefined => found.get(keyword)?.[0];
  const user = overrides.user ?? one('user') ?? here.localUser;
  const port = overrides.port ?? portOf(one('port'), alias);
  const tokens: Tokens = { n: alias, r: user, p: String(port), u: here.localUser, d: here.files.home };
  const hostName = expand(one('hostname') ?? alias, { ...tokens, h: alias }, here);
  const path = (text: string): string =>
    expand(expandHome(text, here.files.home), { ...tokens, h: hostName }, here);
  const named = [
    ...(overrides.identityFile === undefined ? [] : [overrides.identityFile]),
    ...(found.get('identityfile') ?? []).flatMap(([value = '']) => (value === 'none' ? [] : [value])),
  ];
  const none = named.length === 0 && found.has('identityfile');
  return {
    alias,
    hostName,
    port,
    user,
    identityFiles: (named.length > 0 || none ? named : DEFAULT_IDENTITIES).map(path),
    identitiesNamed: named.length > 0,
    agent: agentOf(one('identityagent'), path, here),
    identitiesOnly: isYes(one('identitiesonly')),
    jumps: overrides.jumps ?? jumpsOf(one('proxyjump')),
    knownHostsFiles: [
      ...(all('userknownhostsfile') ?? DEFAULT_KNOWN),
      ...(all('globalknownhostsfile') ?? DEFAULT_GLOBAL),
    ]
      .filter((file) => file !== 'none')
      .map(path),
    hostKeyAlias: one('hostkeyalias'),
    strictHostKeyChecking: one('stricthostkeychecking'),
    connectTimeoutMs: secondsOf(one('connecttimeout')),
    family: familyOf(one('addressfamily')),
  };
}

/** Values of every keyword that holds for the host, in order; each value is the list of its words. */
function valuesFor(
  rules: readonly Rule[],
  alias: string,
  overrides: Overrides,
  here: Around,
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const found = new Map<string, (readonly string[])[]>();
  const now = (keyword: string): string | undefined => found.get(keyword)?.[0]?.[0];
  for (const rule of rules) {
    const known = READ.has(rule.keyword) || Object.hasOwn(OFF, rule.keyword);
    if (!known) continue;
    const holds = applies(rule.when, {
      alias,
      hostName: nameFor(now('hostname'), alias),
      user: overrides.user ?? now('user') ?? here.localUser,
      localUser: here.localUser,
    });
    if (holds === 'no') continue;
    if (holds !== 'yes') {
      throw new Error(
        `${rule.file}: ${rule.keyword} stands under "${holds.criterion}", which can't be judged here and may be meant for ${alias}; ` +
          'write it under "Host", or give another file by --ssh-config',
      );
    }
    // ProxyJump and ProxyCommand exclude each other; the first one counts, `none` too (readconf.c, oProxyCommand and `parse_jump`).
    if (rule.keyword === 'proxycommand' && found.has('proxyjump')) continue;
    if (rule.keyword === 'proxyjump' && found.has('proxycommand')) continue;
    found.set(rule.keyword, [...(found.get(rule.keyword) ?? []), rule.values]);
    refuse(rule, found, alias);
  }
  return found;
}

/** What `Match host` is held against: HostName with `%h` in it, as far as it is known (readconf.c, `match_cfg_line`). */
const nameFor = (hostName: string | undefined, alias: string): string =>
  hostName?.replaceAll(/%([%h])/g, (_, token: string) => (token === 'h' ? alias : '%')) ?? alias;

function refuse(rule: Rule, found: ReadonlyMap<string, unknown[]>, alias: string): void {
  const off = OFF[rule.keyword];
  if (off === undefined || (found.get(rule.keyword)?.length ?? 0) > 1) return;
  if (off.includes((rule.values[0] ?? '').toLowerCase())) return;
  const instead = INSTEAD[rule.keyword];
  throw new Error(
    `${rule.file}: ${rule.keyword} ${rule.values.join(' ')} (for ${alias}) is not supported` +
      `${instead === undefined ? '' : `; ${instead}`}; another file can be given by --ssh-config`,
  );
}

type Tokens = Readonly<Record<string, string>>;

/** `%h` and its like, and `${NAME}` of the environment. */
function expand(text: string, tokens: Tokens, { env }: Around): string {
  return text
    .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = env[name];
      if (value === undefined) throw new Error(`"${text}" in ssh_config: ${name} is not in the environment`);
      return value;
    })
    .replaceAll(/%(.)/g, (_, token: string) => {
      if (token === '%') return '%';
      const value = tokens[token];
      if (value === undefined) throw new Error(`"${text}" in ssh_config: %${token} is not supported`);
      return value;
    });
}

function portOf(text: string | undefined, alias: string): number {
  const port = Number(text ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`port "${text}" of ${alias} is no port`);
  return port;
}

function agentOf(
  text: string | undefined,
  path: (text: string) => string,
  { env }: Around,
): string | undefined {
  if (text === 'none') return undefined;
  if (text === undefined || text === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] || undefined;
  return text.startsWith('$') && !text.startsWith('${') ? env[text.slice(1)] || undefined : path(text);
}

const isYes = (text: string | undefined): boolean => text !== undefined && /^(yes|true)$/i.test(text);

export const jumpsOf = (text: string | undefined): readonly string[] =>
  text === undefined || text.toLowerCase() === 'none' ? [] : text.split(',').map((one) => one.trim());

function secondsOf(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return value > 0 ? value * 1000 : undefined;
}

const familyOf = (text: string | undefined): 'inet' | 'inet6' | undefined =>
  text === 'inet' || text === 'inet6' ? text : undefined;
