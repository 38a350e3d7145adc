/** What a directory's own entry words mean for the names in it. */
import type { ParentView } from './aspect.ts';
import { copyFrom, type Reply } from './copy.ts';
import { findDirection } from './direction.ts';
import { finalizeEntry } from './finalize.ts';
import { quorumCount, type AfrSet } from './replica-set.ts';

/** By brick: the directory's attributes, left out where all its entry words are zero. Every brick must have been seen. */
export function parentViewOf(
  set: AfrSet,
  attributes: readonly (Readonly<Record<string, string>> | undefined)[],
): ParentView {
  const replies: Reply[] = attributes.map((a) => ({ kind: 'copy', copy: copyFrom(set, a ?? {}) }));
  const direction = findDirection('entry', replies, quorumCount(set.quorum, replies.length));
  if (direction === 'not-all-answered') return { kind: 'unseen' };
  const plan = finalizeEntry(direction);
  if (plan.kind === 'heals') return { kind: 'heals', sources: direction.sources, sinks: direction.sinks };
  return plan.kind === 'none' ? { kind: 'none' } : { kind: 'merges' };
}
