import type { FileOnBrick } from '../../model/facts.ts';
import { dirtyEverywhere, isDirty } from '../blame.ts';
import { everyLook, newest } from '../condition.ts';
import type { Condition, Window } from '../condition.ts';
import { auditedFiles, some, withoutImages } from '../copies.ts';
import type { Audited } from '../copies.ts';
import { combine, held, open, passing, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { lasting } from '../lasting.ts';

/** The attributes themselves, on every brick, for what must not be lost: VM images, all shards, and the folders above the images. */
export const noAccusation: Condition = {
  code: 'D4',
  name: 'no-accusation',
  section: 'D',
  topic: 'heal',
  checks:
    'VM images, all shards and parents: no brick accuses another, same gfid, type, owner, mode and size on every brick',
  why: 'cyclic blame, a shard without an index link and a file missing on one brick are in no listing of the CLI',
  wouldHavePrevented:
    'a disk that reads ENOTCONN with every brick up and every count at zero (cyclic blame, measured)',
  needs: 'full',
  decide: (window, question) =>
    combine([everyLook(judge)(window, question), lastingly(window)], saw(newest(window))),
};

function saw(facts: GateFacts): string {
  const images = facts.audited.seen ? facts.audited.images.length : 0;
  return `${auditedFiles(facts).files.length} files audited on every brick, ${images} VM images among them`;
}

/** What no writer can bring about, in any look. One sentence per kind of trouble, rather than one per file. */
function judge(facts: GateFacts): Decision {
  const { files, unseen: blind } = auditedFiles(facts);
  const accused = files.flatMap((one) => firstAccusation(one));
  const left = files
    .filter((one) => one.blame.dirty.some((own) => leftBehind(own)))
    .map((one) => one.copies.path);
  const gfids = files.flatMap((one) =>
    differs(one, 'gfid', (file) => file.xattrs['trusted.gfid']).map((how) => `${one.copies.path} ${how}`),
  );
  const decisions: Decision[] = [...blind, open('')];
  decisions.push(...withoutImages(facts));
  if (accused.length > 0)
    decisions.push(held(`${accused.length} files with an accusation: ${some(accused)}`));
  if (left.length > 0) {
    decisions.push(
      held(`${left.length} files with an unfinished write that its writer left behind: ${some(left)}`),
    );
  }
  if (gfids.length > 0) {
    decisions.push(
      refused(
        [`${gfids.length} names stand for different files on different bricks: ${some(gfids)}`],
        'Do not reboot: this is a gfid split-brain, which never heals by itself. Decide which file is the good one.',
      ),
    );
  }
  return combine(decisions, saw(facts));
}

/** What a writer brings about for an instant, and a missed write for good. */
function lastingly(window: Window): Decision {
  const decisions = (
    [
      ['files that a brick lacks', missing],
      ['files dirty on some bricks only', partlyDirty],
      ['files that differ between bricks', different],
    ] as const
  ).flatMap(([what, find]) => {
    const found = lasting(window, (facts) => new Map(auditedFiles(facts).files.flatMap((one) => find(one))));
    const files = Map.groupBy(found, ({ path }) => path);
    const named = [...files].map(([path, of]) => `${path} ${of.map(({ how }) => how).join(', ')}`);
    return named.length === 0 ? [] : [passing(`${named.length} ${what}: ${some(named)}`)];
  });
  return combine([open(''), ...decisions], '');
}

interface Odd {
  readonly path: string;
  readonly how: string;
}
type Finding = readonly (readonly [key: string, odd: Odd])[];

const firstAccusation = ({ copies, blame }: Audited): readonly string[] =>
  blame.accusations
    .slice(0, 1)
    .map((first) => `${copies.path} (${first.by} accuses ${first.of}, ${first.kind} ${first.count})`);

/** A writer raises the counter by one and lowers it again; two means that somebody never came back to lower it. */
const leftBehind = (own: Audited['blame']['dirty'][number]): boolean =>
  own !== undefined && (own.data > 1 || own.metadata > 1 || own.entry > 1);

const onBrick = (path: string, how: string): readonly [string, Odd] => [`${path} ${how}`, { path, how }];

const missing = ({ copies }: Audited): Finding =>
  copies.on.filter((copy) => copy.file === undefined).map((copy) => onBrick(copies.path, `on ${copy.brick}`));

function partlyDirty({ copies, blame }: Audited): Finding {
  if (!blame.dirty.some((own) => isDirty(own)) || dirtyEverywhere(copies, blame)) return [];
  const clean = copies.on.filter((copy, index) => !copy.arbiter && !isDirty(blame.dirty[index]));
  return [onBrick(copies.path, `not on ${clean.map((copy) => copy.brick).join(', ')}`)];
}

/** By what differs, and not by the values: those change with every write. */
const different = (one: Audited): Finding =>
  (
    [
      ['attributes', differs(one, 'type, owner or mode', attributesOf)],
      ['size', sizes(one)],
    ] as const
  ).flatMap(([what, found]) =>
    found.map((how) => [`${one.copies.path} ${what}`, { path: one.copies.path, how }] as const),
  );

const attributesOf = (file: FileOnBrick): string => `${file.type} ${file.uid}:${file.gid} ${file.mode}`;

function differs(
  one: Audited,
  what: string,
  read: (file: FileOnBrick) => string | undefined,
): readonly string[] {
  const values = one.copies.on.flatMap((copy) =>
    copy.file === undefined ? [] : [read(copy.file) ?? 'none'],
  );
  return new Set(values).size > 1 ? [`(${what}: ${[...new Set(values)].join(' / ')})`] : [];
}

/** An arbiter holds no data; a file that is being written grows on one brick before the other. */
function sizes({ copies, blame }: Audited): readonly string[] {
  if (blame.dirty.some((own) => isDirty(own))) return [];
  const data = copies.on.flatMap((copy) => (copy.arbiter || copy.file?.type !== 'file' ? [] : [copy.file]));
  const seen = [...new Set(data.map((file) => `${file.size} bytes`))];
  return seen.length > 1 ? [`(${seen.join(' / ')})`] : [];
}
