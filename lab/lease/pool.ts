/** Whose word on the lease counts: the members of one glusterd pool, each once, whatever and however many names somebody typed. */
import type { NodeName, Seen } from '../../harness/index.ts';
import { notSeen } from '../gluster/seen.ts';

/** What a node says of itself. */
export interface Membership {
  /** Of glusterd.info; empty where there is no glusterd. */
  readonly uuid: string;
  readonly peers: readonly string[];
}

export interface Answer<T extends object> {
  readonly from: NodeName;
  readonly said: Seen<T>;
}

export interface Pool {
  /** Members, as they know each other. */
  readonly size: number;
  /** A majority of them. */
  readonly need: number;
  /** Those that answered, one name each. */
  readonly members: readonly NodeName[];
  /** Whoever was named and does not count, and why. */
  readonly uncounted: readonly string[];
}

type Told = Membership & { readonly from: NodeName };

/** Counted from the pool as the nodes know it, not from the list that somebody typed: two lists must not make two majorities. */
export function poolOf(answers: readonly Answer<Membership>[]): Seen<Pool> {
  const silent = answers.flatMap(({ from, said }) => (said.seen ? [] : [`${from}: ${said.because}`]));
  const told = answers.flatMap(({ from, said }): readonly Told[] => (said.seen ? [{ ...said, from }] : []));
  const glusterds = told.filter(({ uuid }) => uuid !== '');
  const circles = circlesOf(glusterds);
  const pools = circles.filter((one) => one.size > 1);
  const pool = pools[0] ?? circles[0];
  const reasons = silent.length > 0 ? ` (${silent.join('; ')})` : '';
  if (pool === undefined)
    return notSeen(
      `${told.length === 0 ? 'no node answered' : 'no node that answered has a glusterd'}${reasons}`,
    );
  if (pools.length > 1 || (pools.length === 0 && circles.length > 1))
    return notSeen(
      `the nodes named are not one pool (${circles.map((one) => namesIn(one, glusterds)).join(' | ')}); name the nodes of one`,
    );
  // A node that was set up anew knows no peers, and would be a majority of itself.
  if (pools.length === 0 && silent.length > 0)
    return notSeen(`${namesIn(pool, glusterds)} knows no peers, and others did not answer${reasons}`);
  const firsts = glusterds.filter(
    (one, at) => pool.has(one.uuid) && glusterds.findIndex(({ uuid }) => uuid === one.uuid) === at,
  );
  const others = told.flatMap((one) => {
    if (one.uuid === '') return [`${one.from}: no glusterd there`];
    if (!pool.has(one.uuid)) return [`${one.from}: not a member of the pool`];
    const first = firsts.find(({ uuid }) => uuid === one.uuid);
    return first === undefined || first === one ? [] : [`${one.from}: the same machine as ${first.from}`];
  });
  return {
    seen: true,
    size: pool.size,
    need: Math.floor(pool.size / 2) + 1,
    members: firsts.map(({ from }) => from),
    uncounted: [...others, ...silent],
  };
}

/** The pool, when a majority of it answered. */
export function quorate(pool: Seen<Pool>): Seen<Pool> {
  if (!pool.seen || pool.members.length >= pool.need) return pool;
  const why = pool.uncounted.length > 0 ? ` (${pool.uncounted.join('; ')})` : '; name every node of the pool';
  return notSeen(`${pool.members.length} of ${pool.size} nodes answered, which is no majority${why}`);
}

/** Sets of UUIDs that know each other, directly or through others. */
function circlesOf(told: readonly Membership[]): readonly ReadonlySet<string>[] {
  return told.reduce<readonly ReadonlySet<string>[]>((circles, { uuid, peers }) => {
    const known = [uuid, ...peers];
    const touching = circles.filter((one) => known.some((id) => one.has(id)));
    const apart = circles.filter((one) => !touching.includes(one));
    return [...apart, new Set([...touching.flatMap((one) => [...one]), ...known])];
  }, []);
}

const namesIn = (circle: ReadonlySet<string>, told: readonly Told[]): string =>
  told
    .filter(({ uuid }) => circle.has(uuid))
    .map(({ from }) => from)
    .join(', ');
