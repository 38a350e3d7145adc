/** Networks and volumes of a lab. */
import { messageOf, statusOf } from './connection.ts';
import type { Engine } from './connection.ts';
import { labelsOf } from './labels.ts';
import type { Owner } from './labels.ts';

export interface NetworkRequest {
  readonly name: string;
  readonly cidr: string;
  readonly gateway: string;
  /** No way out of the network, not even to the host's other networks. */
  readonly isolated: boolean;
}

/**
 * Makes a bridge network. `taken` when the subnet overlaps another network on the engine.
 *
 * Routers forward between two of these bridges, so the engine must neither masquerade (it would rewrite forwarded packets) nor, since
 * Engine 28, drop packets that reach a container from another bridge (`nat-unprotected`). Engine 27 knows the option and not this value,
 * and refuses it; older ones ignore the option.
 */
export async function createNetwork(
  engine: Engine,
  owner: Owner,
  request: NetworkRequest,
): Promise<{ kind: 'made'; id: string } | { kind: 'taken'; because: string }> {
  const make = async (mode: Readonly<Record<string, string>>): Promise<string> => {
    const network = await engine.api.createNetwork({
      Name: request.name,
      Driver: 'bridge',
      Internal: request.isolated,
      Labels: labelsOf(owner),
      IPAM: { Driver: 'default', Config: [{ Subnet: request.cidr, Gateway: request.gateway }] },
      Options: request.isolated ? {} : { 'com.docker.network.bridge.enable_ip_masquerade': 'false', ...mode },
    });
    return network.id;
  };
  try {
    const id = await make({ 'com.docker.network.bridge.gateway_mode_ipv4': 'nat-unprotected' }).catch(
      (error: unknown) => {
        if (statusOf(error) === undefined || !/gateway.mode/i.test(messageOf(error))) throw error;
        return make({});
      },
    );
    return { kind: 'made', id };
  } catch (error) {
    if (
      /overlaps|already exists|conflicts with network/i.test(messageOf(error)) &&
      statusOf(error) !== undefined
    )
      return { kind: 'taken', because: messageOf(error) };
    throw error;
  }
}

/** Subnets of every network on the engine, ours or not. */
export async function subnetsInUse(engine: Engine): Promise<readonly string[]> {
  const networks = await engine.api.listNetworks();
  return networks.flatMap((network) => (network.IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []));
}

export async function connectNetwork(
  engine: Engine,
  network: string,
  container: string,
  ip: string,
): Promise<void> {
  await engine.api
    .getNetwork(network)
    .connect({ Container: container, EndpointConfig: { IPAMConfig: { IPv4Address: ip } } });
}

export async function createVolume(engine: Engine, owner: Owner, name: string): Promise<void> {
  await engine.api.createVolume({ Name: name, Labels: labelsOf(owner) });
}
