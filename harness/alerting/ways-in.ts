/** The operator's ways to the nodes from afar, as the workstation's probes name them. Pure. */
import type { WayIn } from '../model/event.ts';
import type { NodeName } from '../model/names.ts';

const OVER_OOB = ' over oob';

/** Target of the probe that reaches a node over the backup connection; the plain name is the way through the routers. */
export const overOob = (node: NodeName): string => `${node}${OVER_OOB}`;

/** Which way a probed target stands for. */
export const wayTo = (target: string): Exclude<WayIn, 'on-site'> =>
  target.endsWith(OVER_OOB) ? 'oob' : 'routers';

/** The way that somebody far away takes, given what answers: the usual one where it can. */
export function wayOf(reached: readonly string[]): Exclude<WayIn, 'on-site'> | undefined {
  const ways = reached.map(wayTo);
  return ways.includes('routers') ? 'routers' : ways[0];
}
