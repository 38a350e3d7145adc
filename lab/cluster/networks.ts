/** Finds a free /21 and makes a lab's networks in it. Two labs at once get different ones. */
import { createNetwork, findOurs, messageOf, remove, subnetsInUse } from '../docker/index.ts';
import type { Engine, Owner } from '../docker/index.ts';
import { formatCidr, overlaps, parseCidr, readRoutes } from '../engine/procs.ts';
import { HOST, NETWORKS, planNetworks, SLOTS } from '../network/plan.ts';
import type { NetworkName, NetworkPlan } from '../network/plan.ts';

/** Networks from which nothing leads anywhere else. On lan and wan the guests forward; control publishes the workstation's SSH. */
const ISOLATED = new Set<NetworkName>(['storage', 'oob']);

/** True when two IPv4 networks in CIDR form share an address. */
export function overlap(a: string, b: string): boolean {
  return !a.includes(':') && !b.includes(':') && overlaps(parseCidr(a), parseCidr(b));
}

type Taken = { plan: NetworkPlan; networks: Record<NetworkName, string> };

async function trySlot(engine: Engine, owner: Owner, plan: NetworkPlan): Promise<Taken | string> {
  const made: [NetworkName, string][] = [];
  for (const name of NETWORKS) {
    const answer = await createNetwork(engine, owner, {
      name: `hp-${owner.run}-${name}`,
      cidr: plan.cidr[name],
      gateway: plan.ip(name, HOST.bridge),
      isolated: ISOLATED.has(name),
    });
    if (answer.kind === 'taken') {
      const ours = await findOurs(engine, owner.run);
      await remove(
        engine,
        ours.filter(({ kind }) => kind === 'network'),
      );
      return `${plan.cidr[name]}: ${answer.because}`;
    }
    made.push([name, answer.id]);
  }
  return { plan, networks: Object.fromEntries(made) as Record<NetworkName, string> };
}

/** Takes the first slot that is free of this engine's networks and, where another engine or a tunnel has them, of this machine's routes. Another run may take one between the look and the making; then the next is tried. */
export async function takeNetworks(engine: Engine, owner: Owner): Promise<Taken> {
  const routes = (await readRoutes()).map((route) => formatCidr(route));
  const used = [...(await subnetsInUse(engine)), ...routes];
  const refusals: string[] = [];
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const plan = planNetworks(slot);
    const inUse = NETWORKS.flatMap((name) => used.filter((subnet) => overlap(subnet, plan.cidr[name])));
    if (inUse.length > 0) {
      refusals.push(`${inUse[0]} is in use`);
      continue;
    }
    try {
      const taken = await trySlot(engine, owner, plan);
      if (typeof taken !== 'string') return taken;
      refusals.push(taken);
    } catch (error) {
      throw new Error(
        `the networks of the lab could not be made in ${plan.cidr.storage}: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
  throw new Error(
    `no free subnet for a lab: all ${SLOTS} in 198.18.0.0/16 are taken (${refusals.slice(0, 3).join('; ')}). ` +
      'Remove old labs with: healproof prune',
  );
}
