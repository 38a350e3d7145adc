/** Which collected brick is which child of which replica set. Names of attributes are taken from the volume file where there is one. */
import {
  parseVolfile,
  rulesOf,
  type AfrSet,
  type ClientInVolfile,
  type PrintedVolume,
} from '../../harness/index.ts';
import { CLIENT, guess, prefixOf } from './guess.ts';
import type { Scanned } from './scan.ts';

export interface AssembledSet {
  readonly set: AfrSet;
  /** By child: which of the collected bricks it is, or undefined when that brick was not collected. */
  readonly given: readonly (number | undefined)[];
}
export interface Assembled {
  readonly volume: string;
  readonly sets: readonly AssembledSet[];
  readonly notes: readonly string[];
  /** Whether the volume has replica sets of which no brick was given. */
  readonly leftOut: boolean;
}

/** One brick of the volume as the volume file and `volume info` name it. */
interface Known {
  readonly id: string;
  readonly accusedAs: string;
  readonly arbiter: boolean;
}

/** `volfile`: text of a client volume file, from any folder. Throws when the bricks can't be told apart. */
export function assemble(
  bricks: readonly Scanned[],
  volumes: readonly PrintedVolume[] | undefined,
  volfile: string | undefined,
): Assembled {
  refuseOtherVolumes(bricks);
  const info = volumes === undefined ? undefined : chooseVolume(bricks, volumes);
  const clients = volfile === undefined ? [] : parseVolfile(volfile);
  if (info === undefined && clients.length === 0) return guess(bricks);
  const known =
    info === undefined
      ? clients.map((set) => set.map((c) => ({ ...c, arbiter: false })))
      : knownFrom(info, clients);
  const volume = info?.name ?? prefixOf(bricks) ?? 'VOLUME';
  const rules = rulesOf({ options: info?.options ?? {}, replicaCount: known[0]?.length ?? bricks.length });
  const whose = match(bricks, known.flat());
  const notes = [
    ...(info?.thinArbiter === undefined
      ? []
      : [
          `the volume has a thin arbiter (${info.thinArbiter}), which was not read: while a brick is down it decides which copy is served, so "if down" tells the worst case`,
        ]),
    ...(info === undefined
      ? ['no --volume-info: quorum and favorite-child options are taken as GlusterFS sets them by default']
      : []),
  ];
  if (rules.favoriteChild !== 'none')
    notes.push(
      `cluster.favorite-child-policy is ${rules.favoriteChild}: GlusterFS throws away conflicting copies by itself, file by file, so that an image may become a mix of two histories`,
    );
  const sets = known.map((children) => {
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
  const touched = sets.filter((s) => s.given.some((g) => g !== undefined));
  const left = sets.length - touched.length;
  return {
    volume,
    sets: touched,
    leftOut: left > 0,
    notes:
      left === 0
        ? notes
        : [...notes, `${left} of ${sets.length} replica sets were not given and are not judged`],
  };
}

/** From `volume info` alone the names are computed from the order of bricks, which is wrong after bricks were added or removed; the volume file knows. */
function knownFrom(info: PrintedVolume, clients: readonly (readonly ClientInVolfile[])[]): Known[][] {
  const named = new Map(clients.flat().map((c) => [c.id as string, c.accusedAs]));
  const all = info.bricks.map((b, i) => ({
    id: b.id as string,
    accusedAs: named.get(b.id) ?? `trusted.afr.${info.name}-client-${i}`,
    arbiter: b.arbiter,
  }));
  return Array.from({ length: all.length / info.replicaCount }, (_, s) =>
    all.slice(s * info.replicaCount, (s + 1) * info.replicaCount),
  );
}

function chooseVolume(bricks: readonly Scanned[], volumes: readonly PrintedVolume[]): PrintedVolume {
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

/** All dumps must carry one volume id, and accuse clients of one volume. */
function refuseOtherVolumes(bricks: readonly Scanned[]): void {
  const withId = bricks.filter((b) => b.volumeId !== undefined);
  const [first] = withId;
  const other = withId.find((b) => b.volumeId?.hex !== first?.volumeId?.hex);
  if (first !== undefined && other !== undefined)
    throw new Error(
      `${other.collected.dump}:${other.volumeId?.line}: a dump from another volume: volume id ${other.volumeId?.hex}, but ${first.collected.dump}:${first.volumeId?.line} has ${first.volumeId?.hex}`,
    );
  refuseStrangers(bricks);
  let known: { prefix: string; where: string } | undefined;
  for (const brick of bricks) {
    for (const [name, { line }] of brick.clients) {
      const prefix = CLIENT.exec(name)?.[1];
      if (prefix === undefined) continue;
      known ??= { prefix, where: `${brick.collected.dump}:${line}` };
      if (prefix !== known.prefix)
        throw new Error(
          `${brick.collected.dump}:${line}: a dump from another volume: ${name} is of volume ${prefix}, but ${known.where} is of volume ${known.prefix}`,
        );
    }
  }
}

/** Enough files that bricks of one volume can't differ in all of them, whatever split brain they are in. */
const STRANGER_FILES = 3;

/** Where no attribute names the volume: a brick that shares no file id with any other brick of it. */
function refuseStrangers(bricks: readonly Scanned[]): void {
  for (const brick of bricks) {
    const others = bricks.filter((b) => b !== brick && b.gfids.size >= STRANGER_FILES);
    if (
      brick.gfids.size < STRANGER_FILES ||
      others.length === 0 ||
      others.some((b) => b.gfids.meets(brick.gfids))
    )
      continue;
    const samePaths = others.some((b) => b.paths.meets(brick.paths));
    if (samePaths && brick.gfids.size < 10 * STRANGER_FILES) continue; // a few names with other gfids: a conflict, to be judged
    throw new Error(
      `${brick.collected.dump}:1: a dump from another volume: none of the ids of its ${brick.gfids.size} files is found in ${others.map((b) => b.collected.dump).join(', ')}`,
    );
  }
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
    if (next !== undefined) whose.set(next, i);
  }
  return whose;
}

const sameHost = (name: string, id: string): boolean => {
  const host = id.slice(0, id.indexOf(':/'));
  return name === host || name.split('.')[0] === host.split('.')[0];
};
