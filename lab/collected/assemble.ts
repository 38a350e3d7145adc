/** Which collected brick is which child of which replica set. Names of attributes are taken from the volume file where there is one. */
import {
  effectiveQuorum,
  rulesOf,
  type AfrSet,
  type PrintedVolume,
  type ReplicaSet,
} from '../../harness/index.ts';
import { guess, prefixOf } from './guess.ts';
import type { Scanned } from './scan.ts';
import {
  CLIENT,
  leftovers,
  ownAccusation,
  refuseOtherVolumes,
  refuseOwnAccuser,
  refuseUnknown,
} from './strangers.ts';

export interface AssembledSet {
  readonly set: AfrSet;
  /** By child: which of the collected bricks it is, or undefined when that brick was not collected. */
  readonly given: readonly (number | undefined)[];
}
export interface Assembled {
  readonly volume: string;
  readonly sets: readonly AssembledSet[];
  readonly notes: readonly string[];
  /** Whether not all of the volume was given: replica sets are left out, or a dump is likely to be of another brick. */
  readonly partly: boolean;
}

/** One brick of the volume as the volume file and `volume info` name it. */
interface Known {
  readonly id: string;
  readonly accusedAs: string;
  readonly arbiter: boolean;
}

/** Beside the dumps: what tells which brick is which. */
export interface Told {
  /** The output of `gluster volume info`. */
  readonly volumes?: readonly PrintedVolume[];
  /** Replica sets of a client volume file, from any folder. */
  readonly volfile?: readonly ReplicaSet[];
  readonly favoriteChild?: AfrSet['favoriteChild'];
}

/** Throws when the bricks can't be told apart. */
export function assemble(bricks: readonly Scanned[], told: Told): Assembled {
  refuseOtherVolumes(bricks);
  const info = told.volumes === undefined ? undefined : chooseVolume(bricks, told.volumes);
  const sets = told.volfile ?? [];
  if (info === undefined && sets.length === 0) return guess(bricks);
  const known = info === undefined ? sets.map(knownOf) : knownFrom(info, sets);
  const volume = info?.name ?? sets[0]?.name.replace(/-replicate-\d+$/, '') ?? prefixOf(bricks) ?? 'VOLUME';
  const rules = info === undefined ? rulesIn(told) : rulesOf(info);
  const names = new Set(known.flat().map((k) => k.accusedAs));
  if (sets.length === 0) refuseUnknown(bricks, names);
  const whose = match(bricks, known.flat());
  refuseSwapped(bricks, whose);
  const notes = [
    ...(info?.thinArbiter === undefined
      ? []
      : [
          `the volume has a thin arbiter (${info.thinArbiter}), which was not read: while a brick is down it decides which copy is served, so "if down" tells the worst case`,
        ]),
    ...(info === undefined
      ? ['no --volume-info: bricks, quorum and favorite-child policy are those of the volume file']
      : []),
    ...leftovers(bricks, names),
  ];
  if (rules.favoriteChild !== 'none')
    notes.push(
      `cluster.favorite-child-policy is ${rules.favoriteChild}: GlusterFS throws away conflicting copies by itself, file by file, so that an image may become a mix of two histories`,
    );
  const assembled = known.map((children) => {
    const given = children.map((child) => whose.get(child));
    const replicas = children.map((child, i) => {
      const brick = bricks[given[i] ?? -1];
      return {
        name: brick?.collected.name ?? child.id,
        id: child.id as never,
        accusedAs: child.accusedAs,
        arbiter: child.arbiter,
      };
    });
    return { set: { volume, replicas, ...rules }, given };
  });
  const own = assembled.flatMap(({ set, given }) =>
    set.replicas.flatMap((r, i) => ownAccusation(bricks[given[i] ?? -1], r.accusedAs)),
  );
  notes.push(...own);
  const touched = assembled.filter((s) => s.given.some((g) => g !== undefined));
  const left = assembled.length - touched.length;
  return {
    volume,
    sets: touched,
    partly: left > 0 || own.length > 0,
    notes:
      left === 0
        ? notes
        : [...notes, `${left} of ${assembled.length} replica sets were not given and are not judged`],
  };
}

/** A thin arbiter is named among the bricks of its set, and holds no files. */
const knownOf = ({ bricks }: ReplicaSet): Known[] =>
  bricks
    .filter(({ accusedAs }) => !/-ta-\d+$/.test(accusedAs))
    .map(({ brick, accusedAs, arbiter }) => ({ id: brick, accusedAs, arbiter }));

/** From `volume info` alone the names are computed from the order of bricks, which is wrong after bricks were added or removed; the volume file knows. */
function knownFrom(info: PrintedVolume, sets: readonly ReplicaSet[]): Known[][] {
  const inVolfile = sets.flatMap(knownOf);
  const named = new Map(inVolfile.map((c) => [c.id, c.accusedAs]));
  const stranger = inVolfile.find((c) => info.bricks.every((b) => b.id !== c.id));
  if (stranger !== undefined || (inVolfile.length > 0 && inVolfile.length !== info.bricks.length))
    throw new Error(
      `--volume-info and the folders' volfile.txt are of different volumes, or of different times: the volume file has ${inVolfile.map((c) => c.id).join(', ')}, volume ${info.name} has ${info.bricks.map((b) => b.id).join(', ')}`,
    );
  const all = info.bricks.map((b, i) => ({
    id: b.id as string,
    accusedAs: named.get(b.id) ?? `trusted.afr.${info.name}-client-${i}`,
    arbiter: b.arbiter,
  }));
  return Array.from({ length: all.length / info.replicaCount }, (_, s) =>
    all.slice(s * info.replicaCount, (s + 1) * info.replicaCount),
  );
}

/** What the volume file says of the first set holds for all of them. */
function rulesIn({ volfile = [], favoriteChild = 'none' }: Told): Pick<AfrSet, 'quorum' | 'favoriteChild'> {
  const [set] = volfile;
  const bricks = set === undefined ? 0 : knownOf(set).length;
  return { quorum: effectiveQuorum(bricks, set?.quorumType, set?.quorumCount), favoriteChild };
}

function chooseVolume(bricks: readonly Scanned[], volumes: readonly PrintedVolume[]): PrintedVolume {
  const chosen = theVolume(bricks, volumes);
  if (chosen.unfit !== undefined) throw new Error(`--volume-info: ${chosen.unfit}`);
  return chosen;
}

function theVolume(bricks: readonly Scanned[], volumes: readonly PrintedVolume[]): PrintedVolume {
  const plain = (id: string): string => id.replaceAll('-', '').toLowerCase();
  const seen = bricks.find((b) => b.volumeId !== undefined);
  const hex = seen?.volumeId?.hex;
  const byId = hex === undefined ? undefined : volumes.find((v) => v.id !== undefined && plain(v.id) === hex);
  if (byId !== undefined) return byId;
  if (seen !== undefined && volumes.every((v) => v.id !== undefined))
    throw new Error(
      `${seen.collected.dump}:${seen.volumeId?.line}: a dump from another volume: its volume id ${hex} belongs to none of ${volumes.map((v) => v.name).join(', ')} in --volume-info`,
    );
  const prefix = prefixOf(bricks);
  const byName = prefix === undefined ? undefined : volumes.find((v) => v.name === prefix);
  if (byName !== undefined) return byName;
  const [only, second] = volumes;
  if (prefix !== undefined && only !== undefined) {
    const { brick, line, name } = firstClient(bricks);
    throw new Error(
      `${brick.collected.dump}:${line}: a dump from another volume: ${name} belongs to volume ${prefix}, and --volume-info knows ${volumes.map((v) => v.name).join(', ')}`,
    );
  }
  if (only === undefined || second !== undefined)
    throw new Error(
      `--volume-info holds ${volumes.length} volumes and the dumps name none of them: give the output of 'gluster volume info VOLUME' for one`,
    );
  return only;
}

function firstClient(bricks: readonly Scanned[]): { brick: Scanned; line: number; name: string } {
  for (const brick of bricks)
    for (const [name, { line }] of brick.clients) if (CLIENT.test(name)) return { brick, line, name };
  throw new Error('bug: no client name was seen');
}

/** By what collected.txt says, by name, by root, else by order when all were given. */
function match(bricks: readonly Scanned[], known: readonly Known[]): Map<Known, number> {
  const whose = new Map<Known, number>();
  const free = (): Known[] => known.filter((k) => !whose.has(k));
  const rules: ((brick: Scanned, child: Known) => boolean)[] = [
    (b, k) => b.collected.about.brick === k.id || b.collected.name === k.id,
    (b, k) => sameHost(b.collected.name, k.id) && b.root === k.id.slice(k.id.indexOf(':/') + 1),
    (b, k) => sameHost(b.collected.name, k.id),
    (b, k) =>
      k.accusedAs.endsWith(`-${b.collected.name}`) ||
      b.collected.name.toLowerCase() === `brick${known.indexOf(k) + 1}`,
    (b, k) => b.root === k.id.slice(k.id.indexOf(':/') + 1),
  ];
  for (const rule of rules) {
    for (const [i, brick] of bricks.entries()) {
      if ([...whose.values()].includes(i)) continue;
      const fitting = free().filter((k) => rule(brick, k));
      const [only] = fitting;
      if (
        only !== undefined &&
        fitting.length === 1 &&
        bricks.filter((b, j) => ![...whose.values()].includes(j) && rule(b, only)).length === 1
      )
        whose.set(only, i);
    }
  }
  const left = bricks.flatMap((_, i) => ([...whose.values()].includes(i) ? [] : [i]));
  if (left.length === 0) return whose;
  if (bricks.length !== known.length)
    throw new Error(
      `which brick of the volume is ${left.map((i) => bricks[i]?.collected.name).join(', ')}? The volume has ${known.map((k) => k.id).join(', ')}: name each folder after its host or its brick`,
    );
  for (const i of left) {
    const next = free()[0];
    if (next === undefined) continue;
    refuseOwnAccuser(bricks[i], next.accusedAs);
    whose.set(next, i);
  }
  return whose;
}

/** Its own collected.txt tells which brick a folder is of; a name that means another one would have the wrong node kept up. */
function refuseSwapped(bricks: readonly Scanned[], whose: ReadonlyMap<Known, number>): void {
  const means = (name: string, { id }: Known): boolean => name === id || sameHost(name, id);
  for (const [child, i] of whose) {
    const { name, where } = bricks[i]?.collected ?? { name: '', where: '' };
    const other = [...whose.keys()].find((k) => k !== child && means(name, k));
    if (other !== undefined && !means(name, child))
      throw new Error(
        `${where}: it is given as ${name}, and it is of brick ${child.id}: are the folders swapped?`,
      );
  }
}

const sameHost = (name: string, id: string): boolean => {
  const host = id.slice(0, id.indexOf(':/'));
  return name === host || name.split('.')[0] === host.split('.')[0];
};
