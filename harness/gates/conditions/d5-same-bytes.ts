import { isDirty } from '../blame.ts';
import { newest } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { auditedFiles, some } from '../copies.ts';
import type { Audited } from '../copies.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** Nothing but the bytes shows a copy that differs without any accusation. Only files that nobody writes to can be compared. */
export const sameBytes: Condition = {
  code: 'D5',
  name: 'same-bytes',
  section: 'D',
  checks:
    'VM images and shards that nobody has written to lately have the same sha256 on every brick with data; how much was compared is said',
  why: 'measured: copies that differ with all attributes at zero are in no listing, are never healed, and are read as if they were good',
  wouldHavePrevented:
    'taking down the node whose copy was right, with the silently older one left to read from',
  needs: 'deep',
  asks: ['sums'],
  decide: (window) => judge(newest(window)),
};

function judge(facts: GateFacts): Decision {
  if (!facts.sums.seen) return unseen(`content was not compared: ${facts.sums.because}`);
  const { files, unseen: blind } = auditedFiles(facts);
  // What is accused or dirty is D4's: its bytes differ for a reason that everybody knows of.
  const compared = files.filter((one) => sums(one).length > 1 && isSettled(one));
  const differing = compared.filter((one) => new Set(sums(one)).size > 1).map((one) => one.copies.path);
  const decisions: Decision[] = [...blind, open('')];
  if (compared.length === 0) {
    const cold = files.some((one) => sums(one).length > 1);
    decisions.push(
      cold
        ? held('whatever could be compared is still being healed')
        : unseen('no file was quiet for long enough to be compared: ask again, or freeze the guests'),
    );
  }
  if (differing.length > 0) {
    decisions.push(
      refused(
        [
          `${differing.length} files have other bytes on another brick, and nothing accuses anybody: ${some(differing)}`,
        ],
        'Do not reboot: find out which copy is right (the guest’s own checks, a backup), and replace the other.',
      ),
    );
  }
  return combine(
    decisions,
    `${compared.length} files with the same bytes on every brick; ${mib(facts.sums.comparedBytes)} compared, ` +
      `${mib(facts.sums.skippedBytes)} skipped because they were written to`,
  );
}

const isSettled = ({ blame }: Audited): boolean =>
  blame.accusations.length === 0 && !blame.dirty.some((own) => isDirty(own));

const sums = (one: Audited): readonly string[] =>
  one.copies.on.flatMap((copy) =>
    copy.arbiter || copy.file?.sha256 === undefined ? [] : [copy.file.sha256],
  );

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
