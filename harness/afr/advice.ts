/** What an operator may do about one file: each choice with its exact commands and its price. */
import type { Changelog } from './changelog.ts';
import { STRAY_BYTE } from './getfattr.ts';
import type { AfrSet } from './replica-set.ts';
import { NO_INDEX, type FileVerdict } from './state.ts';

export interface Command {
  /** The brick on whose node the command runs; left out when any node of the cluster will do. */
  readonly on?: string;
  readonly command: string;
}

export interface Choice {
  /** The brick whose copy wins; left out when there is nothing to choose. */
  readonly source?: string;
  readonly means: string;
  readonly loses: string;
  readonly commands: readonly Command[];
}

/** Sizes and times of the copies, by brick name; they tell which of the CLI's policies choose the same copy. */
export interface CopyFacts {
  readonly biggest?: string;
  readonly newest?: string;
  /** Of each brick that has the name. */
  readonly gfids?: Readonly<Record<string, string>>;
}

export function choicesFor(set: AfrSet, verdict: FileVerdict, copies: CopyFacts = {}): Choice[] {
  switch (verdict.state) {
    case 'clean':
      return [];
    case 'undecidable':
      return [];
    case 'sole-good-copy':
      return onlyArbiter(set, verdict) ? byHandChoices(set, verdict) : [letItHeal(set, verdict)];
    case 'healing':
    case 'persistent-dirty':
      return [letItHeal(set, verdict)];
    case 'split-brain':
      return splitBrainChoices(set, verdict, copies);
    case 'cyclic-blame':
    case 'silent-divergence':
      return byHandChoices(set, verdict);
    default:
      return verdict.state satisfies never;
  }
}

/** For a shell. Bytes that don't print, or are no UTF-8, are written as bash's `$'…'` takes them, so that the line can be pasted. */
function quoted(text: string): string {
  if (!/[\p{Cc}\p{Cs}]/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(/[\\']|[\p{Cc}\p{Cs}]/gu, (c) =>
    c === '\\' || c === "'" ? `\\${c}` : bytesOf(c).map(octal).join(''),
  );
  return `$'${escaped}'`;
}

/** Of a control character or a stray byte. */
function bytesOf(c: string): readonly number[] {
  const code = c.codePointAt(0) ?? 0;
  if (code >= STRAY_BYTE) return [code - STRAY_BYTE];
  return code < 0x80 ? [code] : [0xc2, code];
}
const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;

/** Most names need no quotes, and read better without. */
const unquoted = (text: string): string => (/^[\w.:/@%+,=-]+$/.test(text) ? text : quoted(text));
const heal = (set: AfrSet): string => `gluster volume heal ${set.volume}`;

/** An arbiter knows which copies are stale but holds no data, so nothing heals from it. */
const onlyArbiter = (set: AfrSet, { sources }: FileVerdict): boolean =>
  set.replicas.every((r) => r.arbiter || !sources.includes(r.name));

function letItHeal(set: AfrSet, verdict: FileVerdict): Choice {
  const price = verdict.sources
    .map((s) => verdict.ifSource[s])
    .find((s) => s?.possible === true && s.loses !== 'nothing');
  return {
    means: `let GlusterFS heal it: ${verdict.heals}`,
    loses: price === undefined ? 'nothing that was seen' : price.what,
    commands: unindexed(verdict) ? healNow(set, verdict) : [{ command: heal(set) }],
  };
}

/** What no index names is found by nobody who only looks into the indices: the self-heal daemon, and `volume heal` without `full`. */
const unindexed = ({ state, kinds, notes }: FileVerdict): boolean =>
  state === 'silent-divergence' ||
  (state === 'healing' && kinds.includes('gfid')) ||
  notes.some((note) => note.startsWith(NO_INDEX));

function splitBrainChoices(set: AfrSet, verdict: FileVerdict, copies: CopyFacts): Choice[] {
  if (verdict.kinds[0] === 'entry')
    return [
      {
        means: 'let GlusterFS merge the directory: no name is lost, deleted names come back',
        loses: 'deletions and renames',
        commands: [{ command: heal(set) }],
      },
    ];
  const eligible = set.replicas.filter((r) => verdict.ifSource[r.name]?.possible === true);
  return eligible.map((replica) => {
    const loses = verdict.ifSource[replica.name]?.what ?? 'not known';
    if (verdict.kinds[0] === 'type') return typeByHand(set, verdict, replica.name, loses, copies);
    const commands = [
      `${heal(set)} split-brain source-brick ${unquoted(replica.id ?? `HOST:BRICK-OF-${replica.name}`)} ${target(verdict)}`,
    ];
    // An operator's policy is refused for metadata (afr_mark_split_brain_source_sinks_by_heal_op, SUSE_SOURCE_BRICK_TO_HEAL).
    const policies = !verdict.kinds.includes('metadata');
    if (policies && copies.biggest === replica.name)
      commands.push(`${heal(set)} split-brain bigger-file ${target(verdict)}`);
    if (policies && copies.newest === replica.name)
      commands.push(`${heal(set)} split-brain latest-mtime ${target(verdict)}`);
    const also = commands.length > 1 ? ' (any one of these commands)' : '';
    return {
      source: replica.name,
      means: `${replica.name}'s copy overwrites the others${also}`,
      loses,
      commands: commands.map((command) => ({ command })),
    };
  });
}

/** A gfid conflict is resolved by name, since there is no one gfid; a shard's data conflict by gfid, since clients can't see `/.shard`. */
function target(verdict: FileVerdict): string {
  const byGfid =
    verdict.path.startsWith('/.shard/') && !verdict.kinds.includes('gfid') && verdict.gfid !== undefined;
  return byGfid ? `gfid:${verdict.gfid}` : quoted(verdict.path);
}

function typeByHand(
  set: AfrSet,
  verdict: FileVerdict,
  source: string,
  loses: string,
  { gfids = {} }: CopyFacts,
): Choice {
  const name = verdict.path.slice(verdict.path.lastIndexOf('/') + 1);
  const commands = set.replicas
    .filter((r) => r.name !== source && gfids[r.name] !== undefined)
    .map((r): Command => {
      const gfid = gfids[r.name] ?? '';
      const link = `${root(r.id)}/.glusterfs/${gfid.slice(0, 2)}/${gfid.slice(2, 4)}/${gfid}`;
      const kept = `~/healproof-kept/${quoted(`${name}.${gfid}`)}`;
      return {
        on: r.name,
        command: `mkdir -p ~/healproof-kept && mv -T -- ${quoted(`${root(r.id)}${verdict.path}`)} ${kept} && rm -- ${quoted(link)}`,
      };
    });
  return {
    source,
    means: `${source}'s stays; no heal command resolves a type conflict, the others are moved away by hand, each with its link below .glusterfs`,
    loses,
    commands: [...commands, ...healNow(set, verdict)],
  };
}

/** A lookup makes AFR notice what no index names; the crawl of the whole volume finds the rest. */
const healNow = (set: AfrSet, { path }: FileVerdict): Command[] => [
  {
    command: `stat ${quoted(`MOUNT${path.startsWith('/.shard/') ? '' : path}`)} # a lookup, so that the heal is noticed`,
  },
  { command: `${heal(set)} full` },
];

const root = (id: string | undefined): string =>
  id === undefined ? 'BRICK' : id.slice(id.indexOf(':/') + 1);

/** No heal command covers these: the accusations themselves are set so that the chosen copy is the only good one. */
function byHandChoices(set: AfrSet, verdict: FileVerdict): Choice[] {
  const kind = verdict.kinds[0] ?? 'data';
  const chooses = set.replicas.filter((r) => verdict.ifSource[r.name]?.possible === true);
  if (kind === 'entry' || kind === 'gfid' || kind === 'type') return [letItHeal(set, verdict)];
  return chooses.map((chosen) => ({
    source: chosen.name,
    means: `${chosen.name}'s copy overwrites the others; no heal command does this: stop all writers first, then set the accusations by hand`,
    loses: verdict.ifSource[chosen.name]?.what ?? 'not known',
    commands: [
      ...set.replicas
        .filter((r) => r !== chosen)
        .map((r) => setfattr(r.name, r.id, chosen.accusedAs, verdict, kind, 0)),
      ...set.replicas
        .filter((r) => r !== chosen)
        .map((r) => setfattr(chosen.name, chosen.id, r.accusedAs, verdict, kind, 1)),
      ...healNow(set, verdict),
    ],
  }));
}

function setfattr(
  on: string,
  id: string | undefined,
  accused: string,
  verdict: FileVerdict,
  kind: keyof Changelog,
  count: number,
): Command {
  const word = (k: keyof Changelog): string => (k === kind && count > 0 ? '00000001' : '00000000');
  const value = `0x${word('data')}${word('metadata')}${word('entry')}`;
  return { on, command: `setfattr -n ${accused} -v ${value} ${quoted(`${root(id)}${verdict.path}`)}` };
}

/** What a whole volume needs, in the order that risks least. */
export interface Summary {
  readonly states: Readonly<Record<FileVerdict['state'], number>>;
  readonly unseen: readonly string[];
  /** Bricks that hold a sole good copy of some file. */
  readonly sole: readonly string[];
  readonly doubtful: number;
  /** Files that nothing heals, of which only an arbiter is unaccused. */
  readonly stuck?: number;
}

export function safestOrder(volume: string, summary: Summary): string[] {
  const steps: string[] = [];
  const { states } = summary;
  const stuck = summary.stuck ?? 0;
  const conflicts = states['split-brain'] + states['cyclic-blame'] + states['silent-divergence'] + stuck;
  if (summary.sole.length > 0)
    steps.push(
      `Keep ${summary.sole.join(', ')} up, and reboot nothing: ${summary.sole.length === 1 ? 'it holds' : 'each holds'} the only good copy of some file.`,
    );
  if (summary.unseen.length > 0)
    steps.push(
      `Bring back ${summary.unseen.join(', ')} before anything else: GlusterFS heals nothing while a brick is away, and no verdict is possible.`,
    );
  if (states.undecidable > 0 && summary.unseen.length === 0)
    steps.push(
      'Look a second time, at least 10 s later (collected files: all of them again, with --later): one snapshot cannot decide these files.',
    );
  if (conflicts > 0) {
    steps.push('Stop the VMs that use images in conflict, so that no more is written to either side.');
    steps.push(
      "Save every brick's copy of the files in conflict away from the volume (cp --sparse=always): a choice can't be undone.",
    );
  }
  if (states.healing + states['sole-good-copy'] - stuck > 0)
    steps.push(
      `Let heal what heals by itself: gluster volume heal ${volume}; wait until inspect finds none of it pending.`,
    );
  if (states['persistent-dirty'] > 0)
    steps.push(
      summary.doubtful > 0
        ? `Compare the bytes of the dirty files (sha256.txt) before the heal chooses for you; then gluster volume heal ${volume}.`
        : `Heal the dirty files: gluster volume heal ${volume}.`,
    );
  if (conflicts > 0)
    steps.push(
      'Resolve the conflicts image by image: the base file and all its shards from the same brick, the one that loses least; never mix two histories in one image.',
    );
  if (steps.length > 0)
    steps.push('Collect and inspect again; go on with maintenance only when the answer is clean.');
  return steps;
}
