/**
 * One line for people: one cause is told once, with the codes of all conditions that it keeps shut. The full sentences stay beside it.
 * What is healing is read from the facts again rather than from the sentences, since five conditions name the same files five ways.
 */
import { gfid, nodeOfBrick } from '../model/names.ts';
import type { BrickId } from '../model/names.ts';
import { auditedFiles, some } from './copies.ts';
import { reasons } from './decision.ts';
import type { Decision, DecisionKind } from './decision.ts';
import type { GateFacts } from './facts.ts';

/** What a condition is shut by, where several conditions see one cause. */
export type Topic = 'heal' | 'bricks';

export interface Finding {
  readonly code: string;
  readonly topic: Topic | undefined;
  readonly decision: Decision;
}

/** Nothing else is said of a sentence that is longer than a line of a terminal. */
const LONGEST = 140;

/** Empty for an open gate. `findings` are those that count: what is waived is left out. `window`: the looks that were judged. */
export function summaryOf(findings: readonly Finding[], window: readonly GateFacts[]): string {
  const facts = window.at(-1);
  const shut = findings.filter((one) => one.decision.kind !== 'open');
  // "one look proves nothing" is worth a word only when nothing else is.
  const telling = shut.length > 1 ? shut.filter((one) => one.code !== 'window') : shut;
  const healing = telling.filter((one) => one.topic === 'heal' && one.decision.kind === 'held');
  const heal = healing.length === 0 ? undefined : healClause(window);
  const away = facts === undefined ? [] : awayClauses(facts, telling);
  const left = telling.filter((one) => !away.some(({ of }) => of.includes(one)));
  const bricks = facts === undefined ? undefined : brickClause(facts, left);
  const told = [...(heal === undefined ? [] : healing), ...(bricks?.of ?? [])];
  const rest = left.filter((one) => !told.includes(one));
  return [
    ...clauses(rest, 'refused'),
    ...away.map(({ text, of }) => withCodes(`not known: ${text}`, of)),
    ...clauses(rest, 'unknown'),
    ...(bricks === undefined ? [] : [withCodes(bricks.text, bricks.of)]),
    ...(heal === undefined ? [] : [withCodes(heal, healing)]),
    ...clauses(rest, 'held'),
  ].join('; ');
}

interface Clause {
  readonly text: string;
  readonly of: readonly Finding[];
}

/** A node that does not answer leaves a dozen conditions in the dark, each in its own words but for the reason or the name. */
function awayClauses(facts: GateFacts, telling: readonly Finding[]): readonly Clause[] {
  const taken = new Set<Finding>();
  return facts.nodes.flatMap(({ node, identity }): readonly Clause[] => {
    if (identity.seen) return [];
    const of = telling.filter(
      (one) =>
        one.decision.kind === 'unknown' &&
        !taken.has(one) &&
        reasons(one.decision).some((text) => text.includes(identity.because) || text.includes(node)),
    );
    for (const one of of) taken.add(one);
    return of.length === 0 ? [] : [{ text: `${node} does not answer: ${short(identity.because)}`, of }];
  });
}

const withCodes = (text: string, of: readonly Finding[]): string =>
  `${text} (${of.map((one) => one.code).join(', ')})`;

/** One clause for each first sentence, whoever says it. */
function clauses(findings: readonly Finding[], kind: DecisionKind): readonly string[] {
  const bySentence = new Map<string, Finding[]>();
  for (const one of findings.filter((candidate) => candidate.decision.kind === kind)) {
    const [first = '', ...more] = reasons(one.decision);
    const text = `${short(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`;
    bySentence.set(text, [...(bySentence.get(text) ?? []), one]);
  }
  const before = kind === 'unknown' ? 'not known: ' : '';
  return [...bySentence].map(([text, of]) => withCodes(`${before}${text}`, of));
}

const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** Two conditions or more that miss the same bricks, or could not ask them. */
function brickClause(facts: GateFacts, findings: readonly Finding[]): Clause | undefined {
  const bricks = facts.bricks.map((one) => one.brick);
  const names = (text: string): boolean => bricks.some((brick) => text.includes(brick));
  const of = findings.filter(({ topic, decision }) =>
    decision.kind === 'held'
      ? topic === 'bricks' && reasons(decision).some((text) => names(text))
      : decision.kind === 'unknown' && reasons(decision).every((text) => names(text)),
  );
  if (of.length < 2) return undefined;
  const said = of.flatMap(({ decision }) => reasons(decision)).join('\n');
  const down = of.some(({ decision }) => decision.kind === 'held');
  const named = bricks.filter((brick) => said.includes(brick));
  return { text: `${down ? 'not up for everybody' : 'could not be asked'}: brick ${some(named)}`, of };
}

/**
 * `2 images still heal on pve1, pve3 -> pve2: vm-101-disk-0.raw, …`, by the newest look that had any; undefined when no look names a file.
 * What has healed since keeps the gate shut until the window has moved on.
 */
function healClause(window: readonly GateFacts[]): string | undefined {
  const found = window.toReversed().map((facts) => ({ facts, ...healingFiles(facts) }));
  const last = found.find(({ files }) => files.size > 0);
  if (last === undefined) return undefined;
  const { facts, files, from, to } = last;
  const images = facts.audited.seen ? facts.audited.images.filter((path) => files.has(path)) : [];
  const others = files.size - images.length;
  const what = [
    ...(images.length > 0 ? [`${images.length} image${images.length > 1 ? 's' : ''}`] : []),
    ...(others > 0 ? [`${others} ${images.length > 0 ? 'other ' : ''}file${others > 1 ? 's' : ''}`] : []),
  ].join(' and ');
  const names = images.length > 0 ? images.map((path) => path.slice(path.lastIndexOf('/') + 1)) : [...files];
  const where = from.size > 0 && to.size > 0 ? ` on ${nodes(from)} -> ${nodes(to)}` : listedOn(from);
  const agoMs = (window.at(-1)?.atMs ?? facts.atMs) - facts.atMs;
  const does =
    agoMs > 0
      ? `still healed ${(agoMs / 1000).toFixed(1)} s ago`
      : `still heal${files.size === 1 ? 's' : ''}`;
  return `${what} ${does}${where}: ${some(names)}`;
}

const listedOn = (bricks: ReadonlySet<BrickId>): string =>
  bricks.size === 0 ? '' : `, listed on ${nodes(bricks)}`;

const nodes = (bricks: ReadonlySet<BrickId>): string =>
  [...new Set([...bricks].map((brick) => nodeOfBrick(brick)))].toSorted().join(', ');

/** Files that anything says are to be healed, a shard as its image; which bricks say so, and of which bricks. */
function healingFiles(facts: GateFacts): {
  readonly files: ReadonlySet<string>;
  readonly from: ReadonlySet<BrickId>;
  readonly to: ReadonlySet<BrickId>;
} {
  const named = pathsByGfid(facts);
  const files = new Set<string>();
  const from = new Set<BrickId>();
  const to = new Set<BrickId>();
  for (const { copies, blame } of auditedFiles(facts).files) {
    for (const accusation of blame.accusations) {
      files.add(fileOf(copies.path, named));
      from.add(accusation.by);
      to.add(accusation.of);
    }
  }
  for (const one of facts.bricks) {
    const listed = one.seen ? one.indexGfids.xattrop : [];
    for (const id of listed) files.add(fileOf(`<gfid:${id}>`, named));
    if (listed.length > 0) from.add(one.brick);
  }
  for (const one of facts.nodes) {
    for (const brick of one.healInfo.seen ? one.healInfo.bricks : []) {
      for (const name of brick.listed) files.add(fileOf(name, named));
    }
  }
  return { files, from, to };
}

function pathsByGfid(facts: GateFacts): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of facts.bricks) {
    for (const file of one.seen ? one.files : []) {
      const id = file.xattrs['trusted.gfid'];
      if (id !== undefined && !file.path.startsWith('<gfid:')) found.set(id, file.path);
    }
  }
  return found;
}

/** The path behind a gfid, and the image behind a shard, as far as they are known. */
function fileOf(name: string, named: ReadonlyMap<string, string>): string {
  const behind = (id: string): string | undefined => named.get(id.replaceAll('-', ''));
  const byGfid = /^<gfid:([0-9a-f-]{36})>/.exec(name)?.[1];
  const path = byGfid === undefined ? name : (behind(byGfid) ?? name);
  const base = /^\/\.shard\/([0-9a-f-]{36})\.\d+$/.exec(path)?.[1];
  return base === undefined || gfid(base) === undefined ? path : (behind(base) ?? path);
}
