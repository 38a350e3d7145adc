/** Which brick is which where nothing but the dumps tells: by the order given, checked against the names that the dumps hold. */
import { rulesOf } from '../../harness/index.ts';
import type { Assembled } from './assemble.ts';
import type { Scanned } from './scan.ts';
import { CLIENT, refuseOwnAccuser } from './strangers.ts';

/** The volume's name, as the accusations have it. */
export function prefixOf(bricks: readonly Scanned[]): string | undefined {
  for (const brick of bricks)
    for (const name of brick.clients.keys()) if (CLIENT.test(name)) return CLIENT.exec(name)?.[1];
  return bricks.find((b) => b.collected.about.volume !== undefined)?.collected.about.volume;
}

/** More bricks than that are several replica sets, as a rule. */
const GUESSED_MOST = 3;

/** Nothing but dumps: the order of the arguments is the order of the bricks, checked against the names that the dumps hold. */
export function guess(bricks: readonly Scanned[]): Assembled {
  const volume = prefixOf(bricks) ?? 'VOLUME';
  if (bricks.length > GUESSED_MOST)
    throw new Error(
      `${bricks.length} bricks are given, and nothing tells which of them hold the same files: give --volume-info, or volfile.txt in a folder`,
    );
  const numbers = [
    ...new Set(bricks.flatMap((b) => [...b.clients.keys()].flatMap((n) => CLIENT.exec(n)?.[2] ?? []))),
  ]
    .map(Number)
    .sort((a, b) => a - b);
  const count = Math.max(bricks.length, numbers.length);
  const contiguous = Array.from({ length: count }, (_, i) => i);
  const ids = numbers.length === count ? numbers : contiguous;
  if (numbers.some((n) => !ids.includes(n)))
    throw new Error(
      `the dumps accuse clients ${numbers.join(', ')} of volume ${volume}, which does not tell which of the ${bricks.length} bricks is which: give --volume-info, or volfile.txt in a folder`,
    );
  const names = ids.map((n) => `trusted.afr.${volume}-client-${n}`);
  const given = count === bricks.length ? contiguous : placeFew(bricks, names);
  for (const [i, name] of names.entries()) refuseOwnAccuser(bricks[given[i] ?? -1], name);
  const arbiter = arbiterOf(bricks);
  const replicas = names.map((accusedAs, i) => {
    const brick = bricks[given[i] ?? -1];
    const id = brick === undefined ? undefined : idOf(brick);
    return {
      name: brick?.collected.name ?? `brick of ${volume}-client-${ids[i]}`,
      ...(id === undefined ? {} : { id: id as never }),
      accusedAs,
      arbiter: given[i] !== undefined && given[i] === arbiter,
    };
  });
  const rules = rulesOf({ options: {}, replicaCount: count });
  return {
    volume,
    sets: [{ set: { volume, replicas, ...rules }, given }],
    partly: false,
    notes: guessNotes(bricks, names, given, arbiter),
  };
}

/** No dump holds an accusation that would name it. */
const NAMELESS =
  "the volume's name is not known: VOLUME stands for it in commands and in the names of attributes";

function guessNotes(
  bricks: readonly Scanned[],
  names: readonly string[],
  given: readonly (number | undefined)[],
  arbiter: number | undefined,
): string[] {
  const notes = [
    `no --volume-info: the bricks are taken in the order given (${names.map((n, i) => `${bricks[given[i] ?? -1]?.collected.name ?? 'not given'} = ${n.slice(12)}`).join(', ')}), options as GlusterFS sets them by default`,
  ];
  if (prefixOf(bricks) === undefined) notes.push(NAMELESS);
  if (arbiter !== undefined)
    notes.push(`${bricks[arbiter]?.collected.name} is taken for an arbiter: all its files are empty`);
  return notes;
}

/** Fewer folders than names: a brick never holds its own name, which may tell who is missing. */
function placeFew(bricks: readonly Scanned[], names: readonly string[]): (number | undefined)[] {
  const fits = (brick: number, child: number): boolean =>
    bricks[brick]?.clients.has(names[child] ?? '') === false;
  const ways: (number | undefined)[][] = [];
  const place = (child: number, next: number, so: (number | undefined)[]): void => {
    if (child === names.length) {
      if (next === bricks.length) ways.push(so);
      return;
    }
    if (next < bricks.length && fits(next, child)) place(child + 1, next + 1, [...so, next]);
    if (names.length - child > bricks.length - next) place(child + 1, next, [...so, undefined]);
  };
  place(0, 0, []);
  const [only, second] = ways;
  if (only === undefined || second !== undefined)
    throw new Error(
      `the dumps accuse ${names.length} bricks but ${bricks.length} were given, and nothing tells which is missing: give --volume-info`,
    );
  return only;
}

/** Third of three, with nothing but empty files while others have content. */
function arbiterOf(bricks: readonly Scanned[]): number | undefined {
  const [a, b, c] = bricks;
  if (bricks.length !== 3 || a === undefined || b === undefined || c?.collected.find === undefined)
    return undefined;
  return c.maxFileBytes === 0 && a.maxFileBytes > 0 && b.maxFileBytes > 0 ? 2 : undefined;
}

function idOf(brick: Scanned): string | undefined {
  if (brick.collected.about.brick !== undefined) return brick.collected.about.brick;
  return brick.collected.name.includes(':/') ? brick.collected.name : `${brick.collected.name}:${brick.root}`;
}
