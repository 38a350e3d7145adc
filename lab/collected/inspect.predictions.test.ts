/**
 * What we foretell of captured states against what really became of the acknowledged writes: numbered records, looked for after the
 * capture and again after the heal, on the disk of every brick and through a mount. Captures are rewritten only by
 * lab/gluster-captures/capture.ts.
 */
import { describe, expect, test } from 'vitest';
import type { FileVerdict, IfSource } from '../../harness/index.ts';
import {
  captured,
  happenedIn,
  inspectCaptured,
  versions,
  type Fate,
  type Inspected,
} from './golden.fixture.ts';

/** How many numbers `1-1024 3073` holds. */
const count = (ranges: string): number =>
  ranges.split(' ').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
const countAll = (byPath: Readonly<Record<string, string>>): number =>
  Object.values(byPath).reduce((sum, ranges) => sum + count(ranges), 0);

/** Acknowledged records that a reader did not get: in the state as captured, and when all bricks were up and healing had its time. In all other states there were none. */
const LOST: Readonly<Record<string, { readonly before: number; readonly after: number }>> = {
  'brick-and-client-killed': { before: 885, after: 0 },
  'entry-split-brain': { before: 1, after: 1 },
  'favorite-child-mtime': { before: 1, after: 1 },
};

const verdictOf = ({ files }: Inspected, path: string): FileVerdict | undefined =>
  files.find((f) => f.verdict.path === path)?.verdict;

/** A shard is read through its image, and an image that can't be opened gives nothing of any. */
function readsOf(inspected: Inspected, path: string): string {
  const image = inspected.images.find((i) => i.path === path || path.startsWith(`/.shard/${i.gfid}.`));
  const whole = image?.reads.result === 'EIO' || image?.reads.result === 'ENOTCONN';
  return whole ? image.reads.result : (verdictOf(inspected, path)?.reads.result ?? 'no verdict');
}

const pathsIn = ({ lost, unreadable }: Fate): readonly string[] => [
  ...new Set([...Object.keys(lost), ...Object.keys(unreadable)]),
];

describe.each(versions())('GlusterFS %s', (version) => {
  test('acknowledged writes were looked for in every state, and so many were lost', () => {
    const lost = captured(version).flatMap((state) => {
      const { acknowledged, afterHeal } = happenedIn(version, state);
      expect(acknowledged.records).toBeGreaterThan(0);
      expect(Object.keys(acknowledged.bricks).length).toBeGreaterThan(1);
      expect(Object.keys(afterHeal.acknowledged.bricks)).toEqual(Object.keys(acknowledged.bricks));
      const before = countAll(acknowledged.mount.lost);
      const after = countAll(afterHeal.acknowledged.mount.lost);
      return before === 0 && after === 0 ? [] : [[state, { before, after }] as const];
    });
    expect(Object.fromEntries(lost)).toEqual(LOST);
  });

  describe.each(captured(version))('%s', (state) => {
    const { acknowledged, afterHeal } = happenedIn(version, state);
    const inspected = inspectCaptured(version, state);
    const files = inspected.files.map((f) => f.verdict).filter((v) => v.type !== 'directory');

    test('a brick is said to be a source without loss only where it holds every acknowledged record', () => {
      const wrong = files.flatMap((verdict) =>
        Object.entries(acknowledged.bricks).flatMap(([brick, fate]) => {
          const choice: IfSource | undefined = verdict.ifSource[brick];
          const lacks = fate.lost[verdict.path];
          // Of another replica set, or not told.
          if (choice === undefined || choice.loses === 'unknown') return [];
          // Of a name that is rightly gone the records are those of the name that the file has now.
          if (lacks === undefined && verdict.reads.result === 'absent') return [];
          // Of two modes that were set, only the later one is among the records.
          if (lacks === undefined && choice.what.startsWith('metadata')) return [];
          return (choice.loses === 'writes') === (lacks !== undefined)
            ? []
            : [`${verdict.path} from ${brick}, which lacks ${lacks ?? 'none'}: loses ${choice.what}`];
        }),
      );
      expect(wrong).toEqual([]);
    });

    test('what is read now', () => {
      const { mount } = acknowledged;
      const ended = (path: string): string =>
        mount.unreadable[path] !== undefined ? 'fails' : mount.lost[path] !== undefined ? 'old' : 'newest';
      const meant = (said: string): readonly string[] =>
        ({
          newest: ['newest'],
          absent: ['newest', 'old'],
          old: ['old'],
          'may-be-old': ['newest', 'old'],
          EIO: ['fails'],
          ENOTCONN: ['fails'],
        })[said] ?? [];
      const paths = new Set([...pathsIn(mount), ...files.map((v) => v.path)]);
      const wrong = [...paths].filter((path) => !meant(readsOf(inspected, path)).includes(ended(path)));
      expect(wrong.map((path) => `${path}: ${readsOf(inspected, path)}, but ${ended(path)}`)).toEqual([]);
    });

    test('what the heal lost is what its winner was said to lose', () => {
      const { lost, unreadable } = afterHeal.acknowledged.mount;
      const wonBy = (path: string): readonly string[] => afterHeal.winners[path]?.split(' ') ?? [];
      const unforeseen = Object.keys(lost).filter((path) => {
        const choices = verdictOf(inspected, path)?.ifSource ?? {};
        const won = afterHeal.winners[path] === undefined ? Object.keys(choices) : wonBy(path);
        return won.every((brick) => choices[brick]?.loses === 'nothing');
      });
      const untrue = files.filter(({ path, ifSource }) => {
        const [winner = '', ...more] = wonBy(path);
        const settled = more.length === 0 && unreadable[path] === undefined;
        return settled && ifSource[winner]?.loses === 'writes' && lost[path] === undefined;
      });
      expect({ unforeseen, untrue: untrue.map((v) => v.path) }).toEqual({ unforeseen: [], untrue: [] });
    });
  });
});
