/** What of this machine matters to a lab, and what to do where it falls short. */
import { findEngine } from '../engine/find.ts';
import { engineJson } from '../engine/http.ts';
import type { Env } from '../engine/paths.ts';
import { cacheFolder } from '../engine/paths.ts';
import { readRoutes } from '../engine/procs.ts';
import { addressFinding } from './addresses.ts';
import { baseFinding, readBase } from './base.ts';
import { planHere } from '../engine/ensure.ts';
import { engineFindings } from './engine.ts';
import type { Finding } from './finding.ts';
import { machineFindings, nodeFinding } from './machine.ts';
import { probeFindings } from './probe.ts';

/** Subnets of networks that carry our label. */
async function labSubnets(host: string): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['healproof=1'] }));
  const networks = (await engineJson(host, {
    path: `/networks?filters=${filters}`,
    limitMs: 10_000,
  })) as readonly {
    IPAM?: { Config?: readonly { Subnet?: string }[] | null };
  }[];
  return networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []));
}

/** Looks, and changes nothing but a container that it removes again. Never throws for what it finds. */
export async function doctor({ env = process.env }: { env?: Env } = {}): Promise<readonly Finding[]> {
  const search = await findEngine(env);
  const engine = search.kind === 'found' ? search.engine : undefined;
  const local = engine?.socketPath !== undefined;
  return [
    nodeFinding(process.version),
    ...engineFindings(search, await planHere()),
    ...(await machineFindings(local ? engine.dataRoot : cacheFolder(env))),
    ...(engine ? [baseFinding(await readBase(engine.host)), ...(await probeFindings(engine.host))] : []),
    addressFinding(await readRoutes(), engine ? await labSubnets(engine.host) : []),
  ];
}
