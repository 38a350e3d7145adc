/** What the indices below .glusterfs say beside the accusations. */
import { listed, type FileInput } from './aspect.ts';
import { isPending, NOTHING_PENDING } from './changelog.ts';
import { copyOf } from './copy.ts';
import type { AfrSet } from './replica-set.ts';
import { NO_INDEX } from './state.ts';

/** Where index and accusations tell different stories, and which names of a directory changed. */
export function indexNotes(set: AfrSet, input: FileInput): string[] {
  return [...linkNotes(set, input), ...changedNotes(input)];
}

function linkNotes(set: AfrSet, { index, replies }: FileInput): string[] {
  if (index === undefined) return [];
  const pending = replies.some((r) => copyOf(r)?.accuses.some(isPending) === true);
  const dirty = replies.some((r) => isPending(copyOf(r)?.dirty ?? NOTHING_PENDING));
  if (!pending && index.xattrop.includes(true))
    return [
      `stale index entry (xattrop) on ${listed(set, index.xattrop)}: heal-count counts it though nothing is pending`,
    ];
  if (!pending && !dirty && index.dirty.includes(true))
    return [`stale index entry (dirty) on ${listed(set, index.dirty)}`];
  if (pending && !index.xattrop.includes(true) && !index.dirty.includes(true))
    return [
      `${NO_INDEX}: the self-heal daemon will not find it and heal info does not list it, only a lookup or a full heal does`,
    ];
  return [];
}

/** `entry-changes/<gfid of the directory>/<name>`, granular entry heal; on by default since GlusterFS 9. */
function changedNotes({ index, replies }: FileInput): string[] {
  const changed = index?.changed;
  if (changed === undefined) return [];
  const more = changed.count > changed.some.length ? `, … (${changed.count} names)` : '';
  const names = `${changed.some.join(', ')}${more}`;
  const pending = replies.some((r) => copyOf(r)?.accuses.some((log) => log.entry !== 0) === true);
  return [
    pending
      ? `changed in it, by the index: ${names}`
      : `stale index entries (entry-changes): ${names}, though nobody is accused of missing entries`,
  ];
}
