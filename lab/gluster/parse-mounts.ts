/** FUSE mounts and the client's own tables under `.meta` (xlators/meta; the fields are those of client.c and afr.c `*_priv_dump`). */
import type { MountFacts } from '../../harness/index.ts';
import { parts } from './sections.ts';
import { notSeen, seen } from './seen.ts';

type Clients = Extract<MountFacts['clients'], { readonly seen: true }>;

/** Output of the `mounts` command: a part per mount, in it a part per table. */
export function parseMounts(nonce: string, text: string): { readonly mounts: readonly MountFacts[] } {
  const mounts: { path: string; tables: Map<string, string>; failed: string | undefined }[] = [];
  for (const part of parts(nonce, text)) {
    const [kind = '', ...rest] = part.name.split(' ');
    const current = mounts.at(-1);
    if (kind === 'mount') mounts.push({ path: rest.join(' '), tables: new Map(), failed: undefined });
    else if (current === undefined) throw new Error(`a part "${part.name}" before the first mount`);
    else if (kind === 'table') current.tables.set(rest.join(' '), part.text);
    else if (kind === 'failed') current.failed ??= `${rest.join(' ')} can't be read`;
  }
  return { mounts: mounts.map((one) => ({ path: one.path, clients: clients(one.tables, one.failed) })) };
}

function clients(tables: ReadonlyMap<string, string>, failed: string | undefined): MountFacts['clients'] {
  if (failed !== undefined) return notSeen(failed);
  return seen(() => {
    const bricks: Clients['bricks'][number][] = [];
    const sets: Clients['sets'][number][] = [];
    for (const [name, text] of tables) {
      const table = parseTable(text);
      if (table.section.startsWith('xlator.protocol.client.')) bricks.push(brickClient(name, table.fields));
      else if (table.section.startsWith('cluster/replicate.')) sets.push(replicate(name, table.fields));
    }
    if (bricks.length === 0) throw new Error('its .meta shows no client of any brick');
    return { bricks, sets };
  });
}

/** One `.meta/…/private` file: a section header and `name = value` lines. */
export function parseTable(text: string): {
  readonly section: string;
  readonly fields: ReadonlyMap<string, string>;
} {
  const section = /^\[(.*?)\]/m.exec(text)?.[1];
  if (section === undefined) throw new Error('a table of .meta without a header');
  const fields = [...text.matchAll(/^([^=\n]+?) = (.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value.trim()] as const,
  );
  return { section, fields: new Map(fields) };
}

function flag(fields: ReadonlyMap<string, string>, name: string, of: string): boolean {
  const value = fields.get(name);
  if (value !== '0' && value !== '1')
    throw new Error(`${name} of ${of} is ${value === undefined ? 'missing' : `"${value}"`}`);
  return value === '1';
}

const brickClient = (client: string, fields: ReadonlyMap<string, string>): Clients['bricks'][number] => ({
  client,
  connected: flag(fields, 'connected', client),
});

function replicate(set: string, fields: ReadonlyMap<string, string>): Clients['sets'][number] {
  const children = Number(fields.get('child_count') ?? Number.NaN);
  if (!Number.isInteger(children) || children < 1) throw new Error(`child_count of ${set} is missing`);
  const quorum = fields.get('quorum-type');
  if (quorum === undefined) throw new Error(`quorum-type of ${set} is missing`);
  const fixed = fields.get('quorum-count');
  return {
    set,
    childUp: Array.from({ length: children }, (_, index) => flag(fields, `child_up[${index}]`, set)),
    quorumType: quorum,
    quorumCount: fixed === undefined ? undefined : Number(fixed),
  };
}

/** Lines `name=value` of the `identity` command. */
export function parseIdentity(text: string): {
  readonly uuid: string;
  readonly bootId: string;
  readonly uptimeMs: number;
  readonly epochMs: number;
} {
  const fields = new Map(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const needed = (name: string): string => {
    const value = fields.get(name) ?? '';
    if (value === '') throw new Error(`the node did not tell its ${name}`);
    return value;
  };
  // PID 1 of a container starts long after its host's kernel: counted from there, both are "since this machine booted".
  const startedSeconds = Number(needed('init')) / CLOCK_TICKS;
  return {
    uuid: needed('uuid'),
    bootId: `${needed('boot')}.${needed('init')}`,
    uptimeMs: Math.round((Number(needed('uptime')) - startedSeconds) * 1000),
    epochMs: Number(needed('now')),
  };
}

/** sysconf(_SC_CLK_TCK) is 100 on every Linux that runs GlusterFS. */
const CLOCK_TICKS = 100;
