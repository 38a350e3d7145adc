import { everyLook, ofEveryNode } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, open, refused } from '../decision.ts';
import type { GateFacts, VolumeInfo } from '../facts.ts';

/** An automatic choice between two diverged copies throws one of them away and reports nothing. */
export const noSilentChoice: Condition = {
  code: 'A3c',
  name: 'no-silent-choice',
  section: 'A',
  checks: 'cluster.favorite-child-policy is none',
  why: 'the policy hides a split-brain by discarding one side, file by file: measured, 8 of 28 acknowledged writes lost with heal info at 0',
  wouldHavePrevented: 'a virtual disk mixed from two histories after "split-brain resolved by mtime"',
  needs: 'full',
  decide: everyLook((facts: GateFacts) =>
    combine(
      ofEveryNode(
        facts,
        'volume info',
        (one) => one.info,
        (info) => [judge(info)],
      ),
      'no favourite child',
    ),
  ),
};

function judge(info: VolumeInfo): ReturnType<typeof open> {
  const policy = info.options['cluster.favorite-child-policy'] ?? 'none';
  return policy === 'none'
    ? open('')
    : refused(
        [`cluster.favorite-child-policy is ${policy}: diverged copies are thrown away without a word`],
        `Reset it: gluster volume reset ${info.name} cluster.favorite-child-policy.`,
      );
}
