/** Judges the files of a volume one by one, whatever they come from, and sums up. Keeps counts, images and what waits, not files. */
import { choicesFor, safestOrder, type Choice, type CopyFacts } from './advice.ts';
import type { FileInput } from './aspect.ts';
import { imageShape, type ImageShape } from './changelog.ts';
import { copyOf, isPointer, type Reply } from './copy.ts';
import { biggerFile, latestMtime } from './favorite.ts';
import { Images, type ImageVerdict } from './image.ts';
import { conflicting } from './identity.ts';
import { judgeFile } from './judge.ts';
import type { AfrSet } from './replica-set.ts';
import { FILE_STATES, worseState, worstState, type FileState, type FileVerdict } from './state.ts';

/** One file's verdict with what an operator may do about it. */
export interface Judged {
  readonly verdict: FileVerdict;
  readonly choices: readonly Choice[];
}

/** What a whole volume's files come to. */
export interface Inspection {
  readonly volume: string;
  readonly bricks: readonly string[];
  readonly worst: FileState;
  readonly states: Readonly<Record<FileState, number>>;
  readonly images: readonly ImageVerdict[];
  /** What to do, in the order that risks least. */
  readonly order: readonly string[];
  readonly notes: readonly string[];
}

/** What the verdicts can't cover. */
export interface NotSeen {
  /** Bricks. */
  readonly unseen: readonly string[];
  /** Whether anything else of the volume was not seen; the notes say what. */
  readonly partly?: boolean;
  readonly notes: readonly string[];
}

/** Names missing on a brick that are kept in memory to find renames among them. */
const WAITING_MAX = 100_000;

export class Inspector {
  readonly #each: (judged: Judged) => void;
  readonly #images: Images;
  readonly #states = Object.fromEntries(FILE_STATES.map((s) => [s, 0])) as Record<FileState, number>;
  readonly #sole = new Set<string>();
  readonly #waiting: { readonly set: AfrSet; readonly input: FileInput }[] = [];
  /** Directories of which bricks hold different ones: nothing below them can be reached. */
  readonly #conflicts = new Set<string>();
  #doubtful = 0;
  /** Files of which only an arbiter is unaccused. */
  #stuck = 0;

  /** `isBase`: whether a gfid has shards. `each` is called once per file; pointers into other replica sets are files only when something is wrong with them. */
  constructor(isBase: (gfid: string) => boolean, each: (judged: Judged) => void) {
    this.#images = new Images(isBase);
    this.#each = each;
  }

  /** What is missing on a brick may be there under another name: it waits until all names are known. */
  take(set: AfrSet, input: FileInput): void {
    if (input.replies.every((r) => r.kind === 'absent')) return;
    const incomplete = input.replies.some((r) => r.kind === 'absent');
    if (incomplete && this.#waiting.length < WAITING_MAX) this.#waiting.push({ set, input });
    else this.#judge(set, input, []);
  }

  /** Whatever was not seen may hide anything, so the whole is never clean then. */
  finish(volume: string, sets: readonly AfrSet[], { unseen, partly, notes }: NotSeen): Inspection {
    this.#judgeWaiting();
    const images = this.#images.verdicts();
    const files = worstState(FILE_STATES.filter((s) => this.#states[s] > 0));
    const worst = images.reduce<FileState>((so, image) => worseState(so, image.state), files);
    const full = this.#waiting.length === WAITING_MAX;
    const missed = `more than ${WAITING_MAX} names are missing on some brick: renames among the further ones were not looked for`;
    return {
      volume,
      bricks: sets.flatMap((s) => s.replicas.map((r) => r.name)),
      worst: unseen.length > 0 || partly === true ? worseState(worst, 'undecidable') : worst,
      states: this.#states,
      images,
      order: safestOrder(volume, {
        states: this.#states,
        unseen,
        sole: [...this.#sole],
        doubtful: this.#doubtful,
        stuck: this.#stuck,
      }),
      notes: full ? [...notes, missed] : notes,
    };
  }

  #judgeWaiting(): void {
    for (const { input } of this.#waiting)
      if (conflicting(input) !== undefined) this.#conflicts.add(input.path);
    const byGfid = Map.groupBy(this.#waiting, ({ input }) => gfidOf(input.replies) ?? '');
    for (const { set, input } of this.#waiting) {
      const gfid = gfidOf(input.replies);
      const same = gfid === undefined ? [] : (byGfid.get(gfid) ?? []);
      const others = same.filter((w) => w.set === set && w.input !== input);
      const elsewhere = input.replies.map((r, i) =>
        r.kind === 'absent'
          ? others.map((w) => copyOf(w.input.replies[i])).find((c) => c !== undefined)
          : undefined,
      );
      const names = others.map((w) => w.input.path);
      this.#judge(set, names.length === 0 ? input : { ...input, elsewhere }, names);
    }
  }

  /** What one of the bricks lacks waits until the directories above it are judged. */
  #belowConflict(verdict: FileVerdict): FileVerdict {
    if (this.#conflicts.size === 0) return verdict;
    const directory = above(verdict.path).find((one) => this.#conflicts.has(one));
    if (directory === undefined) return verdict;
    const because = `the bricks hold different directories as ${directory}, so nothing below it can be reached`;
    return {
      ...verdict,
      reads: { result: 'EIO', from: [], because },
      heals: `not before ${directory} is resolved`,
    };
  }

  #judge(set: AfrSet, input: FileInput, names: readonly string[]): void {
    const plain = this.#belowConflict(judgeFile(set, input));
    if (plain.kinds.includes('gfid') || plain.kinds.includes('type')) this.#conflicts.add(plain.path);
    const pointer = input.replies.every((r) => r.kind !== 'copy' || isPointer(r.copy));
    if (pointer && plain.state === 'clean' && plain.notes.length === 0) return;
    const also = `the same file is found as ${names.slice(0, 3).join(', ')} elsewhere: renamed or linked while a brick was away`;
    const notes = [
      ...plain.notes,
      ...(names.length === 0 ? [] : [also]),
      ...(pointer ? ['only a pointer: the file itself lies in another replica set'] : []),
    ];
    const verdict = { ...plain, notes };
    this.#states[verdict.state] += 1;
    if (!pointer) this.#images.add(verdict, shapeOf(input.replies));
    if (verdict.state === 'sole-good-copy')
      for (const brick of namesOfData(set, verdict.sources)) this.#sole.add(brick);
    if (verdict.state === 'sole-good-copy' && namesOfData(set, verdict.sources).length === 0)
      this.#stuck += 1;
    if (verdict.state === 'persistent-dirty' && verdict.reads.result !== 'newest') this.#doubtful += 1;
    this.#each({
      verdict,
      choices: verdict.state === 'clean' ? [] : choicesFor(set, verdict, factsOf(set, input.replies)),
    });
  }
}

/** Everything above a path, the nearest first, root left out. */
function* above(path: string): Generator<string> {
  for (let at = path; at !== '' && at !== '/'; at = at.slice(0, at.lastIndexOf('/')))
    if (at !== path) yield at;
}

const gfidOf = (replies: readonly Reply[]): string | undefined =>
  replies.map((r) => copyOf(r)?.gfid).find((g) => g !== undefined);

const shapeOf = (replies: readonly Reply[]): ImageShape | undefined =>
  replies.map((r) => imageShape(copyOf(r)?.xattrs ?? {})).find((s) => s !== undefined);

/** Which copy the CLI's policies would choose. */
function factsOf(set: AfrSet, replies: readonly Reply[]): CopyFacts {
  const copies = replies.map(copyOf);
  const biggest = set.replicas[biggerFile(copies) ?? -1]?.name;
  const newest = set.replicas[latestMtime(copies) ?? -1]?.name;
  const gfids = Object.fromEntries(
    set.replicas.flatMap(({ name }, i) => {
      const gfid = copies[i]?.gfid;
      return gfid === undefined ? [] : [[name, gfid] as const];
    }),
  );
  return {
    ...(biggest === undefined ? {} : { biggest }),
    ...(newest === undefined ? {} : { newest }),
    gfids,
  };
}

/** Those of the bricks that hold data. */
const namesOfData = (set: AfrSet, names: readonly string[]): readonly string[] =>
  names.filter((name) => set.replicas.some((r) => r.name === name && !r.arbiter));
