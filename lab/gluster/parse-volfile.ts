/** The client's volfile: which bricks form a replica set, and by which attribute each is accused. Never computed from brick numbers: add-brick and remove-brick break that. */
import { brick } from '../../harness/index.ts';
import type { FavoriteChild, ReplicaSet, SetBrick } from '../../harness/index.ts';
import { count } from './seen.ts';

interface Translator {
  readonly name: string;
  type: string;
  readonly options: Map<string, string>;
  subvolumes: readonly string[];
}

/** Replica sets in the volfile's order. Throws when the file is cut off or names bricks it does not define. */
export function parseVolfile(text: string): { readonly sets: readonly ReplicaSet[] } {
  const graph = new Map(translators(text).map((one) => [one.name, one]));
  const sets = [...graph.values()].filter((one) => one.type === 'cluster/replicate');
  return { sets: sets.map((one) => replicaSet(one, graph)) };
}

const POLICIES: readonly FavoriteChild[] = ['none', 'size', 'ctime', 'mtime', 'majority'];

/** `cluster.favorite-child-policy`, which is the same for all replica sets of a volume; glusterd leaves it out when it is not set. */
export function favoriteChildOf(text: string): FavoriteChild {
  const set = translators(text).find((one) => one.type === 'cluster/replicate');
  const policy = set?.options.get('favorite-child-policy') ?? 'none';
  const known = POLICIES.find((one) => one === policy);
  if (known === undefined) throw new Error(`favorite-child-policy "${policy}" is not known`);
  return known;
}

function translators(text: string): readonly Translator[] {
  const found: Translator[] = [];
  let current: Translator | undefined;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const [word = '', name = '', ...rest] = line.split(/\s+/);
    if (word === 'volume') current = { name, type: '', options: new Map(), subvolumes: [] };
    else if (current === undefined) continue;
    else if (word === 'type') current.type = name;
    else if (word === 'option') current.options.set(name, rest.join(' '));
    else if (word === 'subvolumes') current.subvolumes = [name, ...rest];
    else if (word === 'end-volume') {
      found.push(current);
      current = undefined;
    }
  }
  if (current !== undefined) throw new Error(`the volfile ends in the middle of "${current.name}"`);
  if (found.length === 0) throw new Error('the volfile defines nothing');
  return found;
}

function replicaSet(one: Translator, graph: ReadonlyMap<string, Translator>): ReplicaSet {
  const keys = (one.options.get('afr-pending-xattr') ?? '').split(',').filter((key) => key !== '');
  if (keys.length !== one.subvolumes.length) {
    throw new Error(
      `${one.name} has ${one.subvolumes.length} bricks but ${keys.length} names in afr-pending-xattr`,
    );
  }
  // glusterd writes `arbiter-count`; the arbiter is always the last brick of its set (afr.c ARBITER_BRICK_INDEX).
  const arbiter = one.options.get('arbiter-count') === '1' ? one.subvolumes.length - 1 : -1;
  return {
    name: one.name,
    bricks: one.subvolumes.map((client, index) =>
      setBrick(client, keys[index] ?? '', index === arbiter, graph),
    ),
    quorumType: one.options.get('quorum-type'),
    quorumCount: count(one.options.get('quorum-count')),
  };
}

function setBrick(
  client: string,
  key: string,
  arbiter: boolean,
  graph: ReadonlyMap<string, Translator>,
): SetBrick {
  const found = graph.get(client);
  const host = found?.options.get('remote-host');
  const path = found?.options.get('remote-subvolume');
  if (host === undefined || path === undefined)
    throw new Error(`the volfile does not say which brick ${client} is`);
  return { brick: brick(`${host}:${path}`), client, accusedAs: `trusted.afr.${key}`, arbiter };
}
