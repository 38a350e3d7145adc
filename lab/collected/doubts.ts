/** What of the volume collected files don't show: notes for people, and whether the whole may still be called clean. */
import type { Scanned } from './scan.ts';

export interface Doubts {
  readonly notes: readonly string[];
  /** Something that belongs to the volume was not seen. */
  readonly partly: boolean;
}

/** `met`: gfids of the indices under which a path was seen. */
export function doubtsAbout(scanned: readonly Scanned[], met: ReadonlySet<string>): Doubts {
  const all = [
    strays(scanned, met),
    ...scanned.map(ofDump),
    rootless(scanned),
    notCompared(scanned),
    ...scanned.map(halfLists),
    noAfr(scanned),
  ];
  return { notes: all.flatMap((one) => one.notes), partly: all.some((one) => one.partly) };
}

const NONE: Doubts = { notes: [], partly: false };
const only = (note: string): Doubts => ({ notes: [note], partly: false });
const serious = (note: string): Doubts => ({ notes: [note], partly: true });

/** A whole dump has every path, so what an index names beside it was deleted. */
function strays(scanned: readonly Scanned[], met: ReadonlySet<string>): Doubts {
  const named = scanned.flatMap((n) => (n.index === undefined ? [] : [...n.index.xattrop, ...n.index.dirty]));
  const lost = [...new Set(named.filter((g) => !met.has(g)))];
  if (lost.length === 0) return NONE;
  const shown = `${lost.slice(0, 3).join(', ')}${lost.length > 3 ? ', …' : ''}`;
  const what = `the indices name ${lost.length} gfids under which no path was seen`;
  return scanned.every((s) => s.counted)
    ? only(`${what}, so they were deleted: ${shown}`)
    : serious(`${what} (deleted files, or not in the dumps): ${shown}`);
}

const ofDump = ({ collected, doubt }: Scanned): Doubts =>
  doubt === undefined ? NONE : serious(`${collected.name}: ${doubt}`);

/**
 * A dump that does not begin at the brick's root is of a part of it. Whoever gives nothing but the same part of every brick asks about
 * that part; where anything else shows that the whole was meant, the rest is missing.
 */
function rootless(scanned: readonly Scanned[]): Doubts {
  const without = scanned.filter((s) => !s.rootSeen);
  const [first] = without;
  if (first === undefined) return NONE;
  const who = without.map((s) => s.collected.name).join(', ');
  const note = `the brick's root is not in the dump of ${who}: nothing outside of ${first.root} was seen`;
  const { find, indices, about } = first.collected;
  const bare = find === undefined && indices === undefined && about.records === undefined;
  return bare && without.length === scanned.length ? only(note) : serious(note);
}

/** What was not collected was not compared; the attributes alone don't show a silent divergence. */
function notCompared(scanned: readonly Scanned[]): Doubts {
  const without = (what: (s: Scanned) => unknown): string =>
    scanned
      .filter((s) => what(s) === undefined)
      .map((s) => s.collected.name)
      .join(', ');
  const [sums, find, index] = [
    without((s) => s.collected.sums),
    without((s) => s.collected.find),
    without((s) => s.index),
  ];
  return {
    partly: false,
    notes: [
      ...(index === '' ? [] : [`no indices.txt of ${index}: accusations were not compared with the index`]),
      ...(find === '' ? [] : [`no find.tsv of ${find}: sizes, modes and times were not compared`]),
      ...(sums === ''
        ? []
        : [
            `no sha256.txt of ${sums}: bytes were not compared, and copies that differ silently are not noticed`,
          ]),
    ],
  };
}

/** A list that is there but leaves something out: without a word it would look as if all had been compared. */
function halfLists({ collected, lacking: { stats, sums } }: Scanned): Doubts {
  return {
    partly: false,
    notes: [
      ...(stats === 0
        ? []
        : [
            `${collected.find} lacks ${stats} paths of the dump (names with control characters, or half a list): their sizes, modes and times were not compared`,
          ]),
      ...(sums === 0
        ? []
        : [
            `${collected.sums} lacks the sums of ${sums} files or more: their bytes were not compared, and copies that differ silently are not noticed`,
          ]),
    ],
  };
}

/** A volume on which nothing was ever pending has no such attributes. */
function noAfr(scanned: readonly Scanned[]): Doubts {
  if (scanned.some((s) => s.clients.size > 0 || s.dirtySeen)) return NONE;
  const note =
    'no dump holds a single trusted.afr attribute: nothing was ever pending, or they were collected with a pattern without trusted.afr';
  const indexed = scanned.some((s) => (s.index?.xattrop.size ?? 0) > 0);
  return indexed
    ? serious(`${note}; an index names files to heal, so the pattern is to be suspected`)
    : only(note);
}
