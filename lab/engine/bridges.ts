/** The private engine's part of the machine's network: made at start, gone after stop. */
import { readdir } from 'node:fs/promises';
import { runCommand, tailOf } from '../host/index.ts';
import { BRIDGE_PREFIX } from './flags.ts';
import { engineJson } from './http.ts';
import type { Route } from './procs.ts';
import { overlaps, parseCidr, processesCalled, readRoutes } from './procs.ts';

const LIMIT_MS = 10_000;

const succeeds = async (...command: string[]): Promise<boolean> =>
  (await runCommand(command, { limitMs: LIMIT_MS })).code === 0;

async function must(...command: string[]): Promise<void> {
  const result = await runCommand(command, { limitMs: LIMIT_MS });
  if (result.code !== 0 && !/File exists|already assigned/.test(result.stderr))
    throw new Error(`preparing the engine's network: ${command.join(' ')} ${tailOf(result)}`);
}

export async function makeBridge(name: string, address: string): Promise<void> {
  await must('ip', 'link', 'add', name, 'type', 'bridge');
  await must('ip', 'addr', 'add', address, 'dev', name);
  await must('ip', 'link', 'set', name, 'up');
}

/**
 * Where another engine rules the packet filter, its policy for FORWARD is to drop, and with bridge-nf-call-iptables the
 * kernel shows frames inside a bridge to that chain too. The first rule lets those of our range pass. The second keeps
 * the host, if it is a router, from being a way between two networks of a lab. Neither changes what others may do.
 */
const comment = '-m comment --comment healproof';
const RULES = [
  `-s 198.18.0.0/15 -m physdev --physdev-is-bridged ${comment} -j ACCEPT`,
  `-s 198.18.0.0/16 -d 198.18.0.0/16 -m physdev ! --physdev-is-bridged ${comment} -j DROP`,
].map((rule) => rule.split(' '));

/** DOCKER-USER is the chain that Docker never flushes; without it a rule goes to FORWARD itself. */
const chain = async (): Promise<string> =>
  (await succeeds('iptables', '-w', '-n', '-L', 'DOCKER-USER')) ? 'DOCKER-USER' : 'FORWARD';

/** Adds the rules. Undefined when they are there, else why not: a machine without iptables filters nothing with it. */
export async function allowLabFrames(): Promise<string | undefined> {
  const into = await chain();
  for (const rule of RULES) {
    if (await succeeds('iptables', '-w', '-C', into, ...rule)) continue;
    const added = await runCommand(['iptables', '-w', '-I', into, ...rule], { limitMs: LIMIT_MS });
    if (added.code !== 0) return `iptables -I ${into} ${rule.join(' ')} ${tailOf(added)}`;
  }
  return undefined;
}

async function removeRules(): Promise<void> {
  for (const from of ['DOCKER-USER', 'FORWARD'])
    for (const rule of RULES)
      while (await succeeds('iptables', '-w', '-D', from, ...rule)) {
        // a rule can be there more than once; each -D takes one
      }
}

interface ListedNetwork {
  readonly Id: string;
  readonly Driver: string;
  readonly Options: Readonly<Record<string, string>> | null;
}

/** Interfaces of the engine's bridge networks, by its own list. Undefined when it does not answer. */
export async function bridgesOf(host: string): Promise<readonly string[] | undefined> {
  try {
    const networks = (await engineJson(host, {
      path: '/networks',
      limitMs: LIMIT_MS,
    })) as readonly ListedNetwork[];
    return networks
      .filter(({ Driver }) => Driver === 'bridge')
      .map(({ Id, Options }) => Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`)
      .filter((name) => name !== 'docker0');
  } catch {
    return undefined;
  }
}

/** Bridges named as Docker names them, with addresses of ours. Pure. */
export const orphanedBridges = (interfaces: readonly string[], routes: readonly Route[]): readonly string[] =>
  interfaces.filter(
    (name) =>
      /^br-[0-9a-f]{12}$/.test(name) &&
      routes.some((route) => route.device === name && overlaps(route, parseCidr('198.18.0.0/15'))),
  );

/**
 * Clears what a stopped engine leaves: it takes down no bridge by itself. `bridges` is what it said when it was asked
 * last; if it could not say, bridges of our range are taken for its own unless another dockerd runs.
 */
export async function clearNetwork(bridge: string, bridges: readonly string[] | undefined): Promise<void> {
  const others = await processesCalled('dockerd');
  const listed =
    bridges ??
    (others.length > 0 ? [] : orphanedBridges(await readdir('/sys/class/net'), await readRoutes()));
  for (const name of new Set([bridge, ...listed]))
    await runCommand(['ip', 'link', 'del', name], { limitMs: LIMIT_MS });
  // another engine of this kind, of another user or cache folder, needs the rules still
  const shared = others.some(({ line }) =>
    line.some((argument) => argument.startsWith(`--bridge=${BRIDGE_PREFIX}`)),
  );
  if (!shared) await removeRules();
}
