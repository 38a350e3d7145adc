import type { FileOnBrick } from '../../model/facts.ts';
import { dirtyEverywhere, isDirty } from '../blame.ts';
import { everyLook } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { auditedFiles, some } from '../copies.ts';
import type { Audited } from '../copies.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** The attributes themselves, on every brick, for what must not be lost: VM images, their shards, and the folders above them. */
export const noAccusation: Condition = {
  code: 'D4',
  name: 'no-accusation',
  section: 'D',
  checks:
    'VM images, their shards and parents: no brick accuses another, same gfid, type, owner, mode and size on every brick',
  why: 'cyclic blame, a shard without an index link and a file missing on one brick are in no listing of the CLI',
  wouldHavePrevented:
    'a disk that reads ENOTCONN with every brick up and every count at zero (cyclic blame, measured)',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const { files, unseen: blind } = auditedFiles(facts);
  const images = facts.audited.seen ? facts.audited.images.length : 0;
  const decisions = [...blind, ...summed(files)];
  if (files.length === 0) decisions.push(unseen('no file was audited on all bricks'));
  return combine(decisions, `${files.length} files audited on every brick, ${images} VM images among them`);
}

/** One sentence per kind of trouble, with a few files and the count, rather than thousands of sentences. */
function summed(files: readonly Audited[]): readonly Decision[] {
  const accused = files.flatMap((one) =>
    one.blame.accusations
      .slice(0, 1)
      .map((first) => `${one.copies.path} (${first.by} accuses ${first.of}, ${first.kind} ${first.count})`),
  );
  const missing = files.flatMap((one) => missingOn(one));
  const partly = files.filter((one) => partlyDirty(one)).map((one) => one.copies.path);
  const gfids = files.flatMap((one) => differs(one, 'gfid', (file) => file.xattrs['trusted.gfid']));
  const shapes = files.flatMap((one) => [
    ...differs(one, 'type, owner or mode', (file) => `${file.type} ${file.uid}:${file.gid} ${file.mode}`),
    ...sizes(one),
  ]);
  return [
    ...(accused.length > 0 ? [held(`${accused.length} files with an accusation: ${some(accused)}`)] : []),
    ...(missing.length > 0 ? [held(`${missing.length} files that a brick lacks: ${some(missing)}`)] : []),
    ...(partly.length > 0 ? [held(`${partly.length} files dirty on some bricks only: ${some(partly)}`)] : []),
    ...(shapes.length > 0
      ? [held(`${shapes.length} files that differ between bricks: ${some(shapes)}`)]
      : []),
    ...(gfids.length > 0
      ? [
          refused(
            [`${gfids.length} names stand for different files on different bricks: ${some(gfids)}`],
            'Do not reboot: this is a gfid split-brain, which never heals by itself. Decide which file is the good one.',
          ),
        ]
      : []),
    open(''),
  ];
}

const missingOn = ({ copies }: Audited): readonly string[] =>
  copies.on.filter((copy) => copy.file === undefined).map((copy) => `${copies.path} on ${copy.brick}`);

const partlyDirty = ({ copies, blame }: Audited): boolean =>
  blame.dirty.some((own) => isDirty(own)) && !dirtyEverywhere(copies, blame);

function differs(
  one: Audited,
  what: string,
  read: (file: FileOnBrick) => string | undefined,
): readonly string[] {
  const values = one.copies.on.flatMap((copy) =>
    copy.file === undefined ? [] : [read(copy.file) ?? 'none'],
  );
  return new Set(values).size > 1
    ? [`${one.copies.path} (${what}: ${[...new Set(values)].join(' / ')})`]
    : [];
}

/** An arbiter holds no data; a file that is being written grows on one brick before the other. */
function sizes({ copies, blame }: Audited): readonly string[] {
  if (blame.dirty.some((own) => isDirty(own))) return [];
  const data = copies.on.flatMap((copy) => (copy.arbiter || copy.file?.type !== 'file' ? [] : [copy.file]));
  const held = [...new Set(data.map((file) => `${file.size} bytes`))];
  return held.length > 1 ? [`${copies.path} (${held.join(' / ')})`] : [];
}
