/** How fast this machine is for a lab, and what the storage links carry because of that. */
import type { SiteSpec } from '../../harness/index.ts';
import type { Do } from './form.ts';

/** From nothing to routers that have been started, where the numbers of the incident's site are from: two cores without KVM. */
const REFERENCE_SECONDS = 11;
const SLOWEST = 4;
const LINK_MS = 10_000;

/** How many times as long as there it took to come so far here, 1 to 4. */
export const paceOf = (openedSeconds: number): number =>
  Math.min(SLOWEST, Math.max(1, openedSeconds / REFERENCE_SECONDS));

/**
 * On a slow machine an operator's steps and a node's boot take longer, while a heal takes what the storage links allow: even too short a
 * delay would be long enough. So the links get slower by as much. Answers what was done about it, if anything.
 */
export async function keepPace(spec: SiteSpec, openedSeconds: number, does: Do): Promise<string | undefined> {
  const pace = paceOf(openedSeconds);
  // 0 is no limit, and nothing that could be kept.
  if (pace === 1 || spec.storageMbit === 0) return undefined;
  const mbit = Math.max(1, Math.round(spec.storageMbit / pace));
  await Promise.all(spec.nodes.map((node) => does(node, limitLink(mbit), LINK_MS)));
  return (
    `a lab opens ${pace.toFixed(1)} times as slowly here as where the numbers of this site are from: ` +
    `its storage links carry ${mbit} instead of ${spec.storageMbit} Mbit/s`
  );
}

/** On a node: the rate of what leaves by its storage link, kept over reboots; 0: no limit. */
export const limitLink = (mbit: number): string => `/usr/lib/healproof/storage-link ${mbit}`;
