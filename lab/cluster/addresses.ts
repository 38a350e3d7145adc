/** Who lives where in one lab. Pure. */
import type { NodeName, SiteSpec } from '../../harness/index.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkPlan } from '../network/plan.ts';

export interface NodeAddresses {
  readonly node: NodeName;
  readonly storage: string;
  readonly lan: string;
  /** Only so that Docker gives the container an interface there; the node gives it away to its guests' bridge. */
  readonly wan: string;
  readonly oob: string;
}

export const nodeAddresses = ({ nodes }: SiteSpec, plan: NetworkPlan): readonly NodeAddresses[] =>
  nodes.map((node, at) => ({
    node,
    storage: plan.ip('storage', HOST.firstNode + at),
    lan: plan.ip('lan', HOST.firstNode + at),
    wan: plan.ip('wan', HOST.firstNode + at),
    oob: plan.ip('oob', HOST.firstNode + at),
  }));

/**
 * Every node's name means its storage address, so that bricks and GlusterFS peers use the storage network; `<node>.lan` is the way that
 * people and VM migration take, as a site with a network of its own for storage has it.
 */
export const hostsFile = (addresses: readonly NodeAddresses[]): string =>
  addresses.flatMap(({ node, storage, lan }) => [`${storage} ${node}`, `${lan} ${node}.lan`]).join(';');

export const pageUrl = (plan: NetworkPlan): string =>
  `http://${plan.ip('lan', HOST.storehouse)}/customers/welcome.html`;
