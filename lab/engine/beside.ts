/** What our engine needs of a machine where another engine rules the packet filter. Made at start, removed at stop. */
import { readFile } from 'node:fs/promises';
import { runCommand, tailOf } from '../host/index.ts';
import { OWN_BRIDGE } from './flags.ts';

const LIMIT_MS = 10_000;

async function must(...command: string[]): Promise<void> {
  const result = await runCommand(command, { limitMs: LIMIT_MS });
  if (result.code !== 0 && !/File exists|already assigned/.test(result.stderr))
    throw new Error(`preparing the engine's network: ${command.join(' ')} ${tailOf(result)}`);
}

const succeeds = async (...command: string[]): Promise<boolean> =>
  (await runCommand(command, { limitMs: LIMIT_MS })).code === 0;

export async function makeOwnBridge(address: string): Promise<void> {
  await must('ip', 'link', 'add', OWN_BRIDGE, 'type', 'bridge');
  await must('ip', 'addr', 'add', address, 'dev', OWN_BRIDGE);
  await must('ip', 'link', 'set', OWN_BRIDGE, 'up');
}

export const removeOwnBridge = (): Promise<unknown> =>
  runCommand(['ip', 'link', 'del', OWN_BRIDGE], { limitMs: LIMIT_MS });

/**
 * With bridge-nf-call-iptables the kernel shows frames inside a bridge to the FORWARD chain, where Docker's policy is
 * to drop. This rule lets them pass: only bridged frames and only of our range, so nobody's isolation changes.
 */
const RULE = [
  ...'-s 198.18.0.0/15 -m physdev --physdev-is-bridged'.split(' '),
  ...'-m comment --comment healproof -j ACCEPT'.split(' '),
];

/** DOCKER-USER is the chain that Docker never flushes; without it the rule goes to FORWARD itself. */
const chain = async (): Promise<string> =>
  (await succeeds('iptables', '-w', '-n', '-L', 'DOCKER-USER')) ? 'DOCKER-USER' : 'FORWARD';

const filtersBridges = async (): Promise<boolean> =>
  (await readFile('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').catch(() => '0')).trim() === '1';

export async function allowBridged(): Promise<void> {
  if (!(await filtersBridges())) return;
  const into = await chain();
  if (await succeeds('iptables', '-w', '-C', into, ...RULE)) return;
  await must('iptables', '-w', '-I', into, ...RULE);
}

export async function disallowBridged(): Promise<void> {
  for (const from of ['DOCKER-USER', 'FORWARD'])
    while (await succeeds('iptables', '-w', '-D', from, ...RULE)) {
      // a rule can be there more than once; each -D takes one
    }
}
