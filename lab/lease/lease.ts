/**
 * A lease on "one node of this cluster is being taken down", so that two operators or two automations never take two at once.
 *
 * Where. On Proxmox in pmxcfs (/etc/pve/priv/healproof): corosync orders its writes and refuses them without quorum, so one node's answer
 * is the cluster's. Elsewhere on every node's own disk (/var/lib/healproof), and it counts when a majority of the pool says so. Not on the
 * volume: in the very situation that a lease is for, its copies may disagree, and writing to it would add to what has to heal. Not in /run:
 * a node forgets it by rebooting, which is what the lease is about; two nodes that forgot would be a majority for somebody else.
 *
 * Why it is safe.
 * - Two at the same moment: each node decides under a lock, and any two majorities share a node. When neither gets a majority both give
 *   back what they got, and are told.
 * - A holder that crashed: its lease ends by its time to live, counted by the node that keeps it.
 * - Clocks: on a node's own disk the clock that wrote is the clock that judges (within one boot the one that never jumps), so clocks of
 *   different machines are never compared. A clock that jumps forward ends the lease early on that node alone. On pmxcfs the time may be
 *   another node's; a minute is added before anybody else may take the lease.
 * - A node that is away: the others are a majority. It may come back with an old lease (expired by its own count, a reboot included,
 *   since the file stays) or without; the next heartbeat writes it there. When no majority answers, nobody gets a lease.
 * - A holder that sleeps for longer than the time to live has lost the lease, and is told at its next heartbeat: it counts by its own
 *   clock from before it asked. A lease is an agreement among those who ask; it can't hold back a reboot by somebody who does not.
 * - Processes with the same owner's name are one owner.
 */
import { randomUUID } from 'node:crypto';
import { node } from '../../harness/index.ts';
import type { LeaseFacts, NodeName, Seen, Shell } from '../../harness/index.ts';
import type { Command } from '../gluster/commands.ts';
import { lineLimitMs, sectionLine, sectionText, splitSections } from '../gluster/sections.ts';
import { notSeen, read } from '../gluster/seen.ts';
import { RELEASE, RENEW, SHOW, TAKE } from './script.ts';

export interface Lease {
  readonly owner: string;
  /** The node that may be taken down. */
  readonly node: NodeName;
  readonly token: string;
  readonly ttlSeconds: number;
  /** Since it was taken or renewed. */
  readonly ageSeconds: number;
}

/** What one node said. */
interface Said {
  readonly store: 'pmxcfs' | 'node';
  /** Members of the pool, itself included. */
  readonly pool: number;
  readonly said: string | undefined;
  readonly lease: Lease | undefined;
}

type Answer = { readonly from: NodeName; readonly said: Seen<Said> };

export type Outcome =
  /** `on`: the nodes that keep it. */
  | { readonly kind: 'taken'; readonly lease: Lease; readonly on: readonly NodeName[] }
  | { readonly kind: 'held'; readonly by: Lease }
  | { readonly kind: 'free' }
  | { readonly kind: 'unknown'; readonly because: string };

export interface Wish {
  readonly owner: string;
  readonly node: NodeName;
  readonly ttlSeconds: number;
  readonly token: string;
}

export const newToken = (): string => randomUUID();

/** Asks for the lease. Whatever is granted without a majority is given back. */
export async function takeLease(shells: readonly Shell[], wish: Wish): Promise<Outcome> {
  return write(shells, TAKE, wish);
}

/** The heartbeat: the same wish again. */
export async function renewLease(shells: readonly Shell[], wish: Wish): Promise<Outcome> {
  return write(shells, RENEW, wish);
}

async function write(shells: readonly Shell[], command: Command, wish: Wish): Promise<Outcome> {
  const answers = await askStore(shells, command, variablesOf(wish));
  const granted = answers.filter(({ said }) => said.seen && said.said === 'granted');
  const need = majority(answers);
  if (need.seen && granted.length >= need.count) {
    const lease = { ...wish, ageSeconds: 0 };
    return { kind: 'taken', lease, on: granted.map(({ from }) => from) };
  }
  // A heartbeat that found no majority keeps what it has: the lease may still be ours elsewhere.
  if (command === TAKE && granted.length > 0) {
    const back = shells.filter((shell) => granted.some(({ from }) => from === shell.node));
    await Promise.all(back.map((shell) => askOne(shell, RELEASE, variablesOf(wish))));
  }
  const other = answers.flatMap(({ said }) =>
    said.seen && said.said === 'held' && said.lease !== undefined ? [said.lease] : [],
  )[0];
  return other === undefined ? unknown(answers) : { kind: 'held', by: other };
}

/** Who has it. With `owner` only theirs is meant; `force` takes anybody's away. */
export async function releaseLease(
  shells: readonly Shell[],
  which: { readonly token: string } | { readonly owner: string } | 'force',
): Promise<Outcome> {
  const variables =
    which === 'force'
      ? { HOLDER: '', TOKEN: 'force' }
      : 'token' in which
        ? { HOLDER: '', TOKEN: which.token }
        : { HOLDER: encode(which.owner), TOKEN: 'any' };
  const answers = await askStore(shells, RELEASE, { ...variables, NODE: '', TTL: '0' });
  const other = answers.flatMap(({ said }) =>
    said.seen && said.said === 'held' && said.lease !== undefined ? [said.lease] : [],
  )[0];
  if (other !== undefined) return { kind: 'held', by: other };
  return answers.some(({ said }) => said.seen) ? { kind: 'free' } : unknown(answers);
}

/** Reads only. An expired lease is nobody's. */
export async function showLease(shells: readonly Shell[]): Promise<Outcome> {
  const answers = await askStore(shells, SHOW, {});
  const need = majority(answers);
  if (!need.seen) return { kind: 'unknown', because: need.because };
  const fresh = answers.flatMap(({ from, said }) =>
    said.seen && said.lease !== undefined && said.lease.ageSeconds < said.lease.ttlSeconds
      ? [{ from, lease: said.lease }]
      : [],
  );
  for (const { lease } of fresh) {
    const on = fresh.filter((one) => one.lease.token === lease.token).map((one) => one.from);
    if (on.length >= need.count) return { kind: 'taken', lease, on };
  }
  return { kind: 'free' };
}

/** The lease as a gate's fact. Processes with the same owner's name are one owner. */
export async function leaseFacts(shells: readonly Shell[], asking: string): Promise<Seen<LeaseFacts>> {
  const shown = await showLease(shells);
  if (shown.kind === 'unknown') return notSeen(shown.because);
  if (shown.kind !== 'taken') return { seen: true, holder: undefined };
  const { owner, node: on, ttlSeconds, ageSeconds } = shown.lease;
  const expiresAtMs = Date.now() + (ttlSeconds - ageSeconds) * 1000;
  return { seen: true, holder: { owner, node: on, expiresAtMs, own: owner === asking } };
}

/** pmxcfs is one store: the first node that answers speaks for all. Own disks are asked all at once. */
async function askStore(
  shells: readonly Shell[],
  command: Command,
  variables: Readonly<Record<string, string>>,
): Promise<readonly Answer[]> {
  const looks = await Promise.all(shells.map((shell) => askOne(shell, SHOW, {})));
  if (command === SHOW) return shared(looks) ?? looks;
  const speaker = shells.find((_, index) => isShared(looks[index]));
  if (speaker !== undefined) return [await askOne(speaker, command, variables)];
  const broken = looks.find(({ said }) => !said.seen && said.because.includes('/etc/pve is not mounted'));
  if (broken !== undefined)
    return looks.map(({ from, said }) => ({ from, said: said.seen ? NO_PMXCFS : said }));
  // A node that just did not answer is not asked again: it would cost its time-out twice.
  return Promise.all(
    shells.map(async (shell, index) => {
      const look = looks[index];
      return look?.said.seen === false ? look : askOne(shell, command, variables);
    }),
  );
}

const NO_PMXCFS = notSeen(
  'another node is a Proxmox node without /etc/pve, so where the lease is kept is not sure',
);
const isShared = (answer: Answer | undefined): boolean =>
  answer?.said.seen === true && answer.said.store === 'pmxcfs';
function shared(answers: readonly Answer[]): readonly Answer[] | undefined {
  const one = answers.find(isShared);
  return one === undefined ? undefined : [one];
}

/** How many nodes must say so. Counted from the pool as the nodes know it, not from the list that somebody typed. */
function majority(answers: readonly Answer[]): Seen<{ readonly count: number }> {
  const said = answers.flatMap((one) => (one.said.seen ? [one.said] : []));
  if (said.some((one) => one.store === 'pmxcfs')) return { seen: true, count: 1 };
  const pool = Math.max(0, ...said.map((one) => one.pool));
  const count = Math.floor(pool / 2) + 1;
  return pool > 0 && said.length >= count ? { seen: true, count } : notSeen(blind(answers, pool));
}

function blind(answers: readonly Answer[], pool: number): string {
  const silent = answers.flatMap(({ from, said }) => (said.seen ? [] : [`${from}: ${said.because}`]));
  const spoke = answers.length - silent.length;
  return `${spoke} of ${pool > 0 ? pool : answers.length} nodes answered, which is no majority${silent.length > 0 ? ` (${silent.join('; ')})` : '; name every node of the pool'}`;
}

function unknown(answers: readonly Answer[]): Outcome {
  const need = majority(answers);
  const because = need.seen
    ? 'somebody else is taking it at the same moment, and neither got a majority; try again'
    : need.because;
  return { kind: 'unknown', because };
}

async function askOne(
  shell: Shell,
  command: Command,
  variables: Readonly<Record<string, string>>,
): Promise<Answer> {
  const outcome = await shell.run(sectionLine([command], randomUUID(), variables), {
    limitMs: lineLimitMs([command]),
  });
  const printed = outcome.kind === 'cut-off' ? { stdout: '', stderr: '' } : outcome;
  const nonce = /^#(\S+) begin/m.exec(printed.stdout)?.[1] ?? '';
  const sections = splitSections(nonce, printed.stdout, printed.stderr);
  return { from: shell.node, said: read(sectionText(outcome, sections, command), parse) };
}

const variablesOf = ({ owner, node: name, ttlSeconds, token }: Wish) => ({
  HOLDER: encode(owner),
  NODE: name,
  TOKEN: token,
  TTL: String(Math.ceil(ttlSeconds)),
});

/** Owners are free text; in the file and on the line they are one word. */
const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

function parse(text: string): Said {
  const fields = new Map(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const),
  );
  const { store, pool, said, token, ttl, age, holder, node: name } = Object.fromEntries(fields);
  if (store !== 'pmxcfs' && store !== 'node')
    throw new Error('the node did not say where it keeps the lease');
  const lease =
    token === undefined || ttl === undefined || age === undefined
      ? undefined
      : {
          owner: decode(holder ?? ''),
          node: node(name ?? ''),
          token,
          ttlSeconds: Number(ttl),
          ageSeconds: Number(age),
        };
  if (lease === undefined && fields.get('lease') !== 'none') throw new Error('its lease file can’t be read');
  return { store, pool: Number(pool), said, lease };
}
