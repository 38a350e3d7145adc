/** How the private engine is started so that it disturbs no other one. Pure. */
import type { EnginePaths } from './paths.ts';
import type { Route } from './procs.ts';
import { overlaps, parseCidr } from './procs.ts';

/** The bridge that Healproof makes when `docker0` belongs to somebody else. */
export const OWN_BRIDGE = 'healproof0';

export interface Surroundings {
  readonly routes: readonly Route[];
  /** Another dockerd runs here, or has left its bridge. */
  readonly otherEngine: boolean;
}

export interface EngineFlags {
  /** Address of the engine's default bridge, in CIDR. */
  readonly bridgeAddress: string;
  /** There is another engine: our bridge must be made, and bridged frames allowed, before the start. */
  readonly besideAnother: boolean;
  readonly args: readonly string[];
}

/** An interface `docker0` outside our address range is somebody else's, whether that engine runs or not. */
export function docker0IsForeign(exists: boolean, routes: readonly Route[]): boolean {
  const range = parseCidr('198.19.0.0/16');
  return exists && !routes.some((route) => route.device === 'docker0' && overlaps(route, range));
}

/** The first free /24 from 198.19.255.0 downwards; the half below 198.19.128.0 is for user networks. */
export function freeBridgeAddress(routes: readonly Route[], own: readonly string[]): string | undefined {
  const foreign = routes.filter(({ device }) => !own.includes(device));
  for (let third = 255; third >= 128; third -= 1) {
    const network = parseCidr(`198.19.${third}.0/24`);
    if (!foreign.some((route) => overlaps(route, network))) return `198.19.${third}.1/24`;
  }
  return undefined;
}

/**
 * Two engines on one machine fight over two things: the interface `docker0`, whose address the later one changes, and
 * the iptables chains, which it flushes. So beside another engine ours brings its own bridge and leaves iptables alone:
 * ports are then published by docker-proxy only, and containers have no way out. The lab needs no more.
 */
export function engineFlags(
  paths: EnginePaths,
  { routes, otherEngine }: Surroundings,
): EngineFlags | undefined {
  const bridgeAddress = freeBridgeAddress(routes, otherEngine ? [OWN_BRIDGE] : [OWN_BRIDGE, 'docker0']);
  if (bridgeAddress === undefined) return undefined;
  const network = otherEngine
    ? [`--bridge=${OWN_BRIDGE}`, '--iptables=false', '--ip6tables=false', '--ip-masq=false']
    : [`--bip=${bridgeAddress}`];
  return {
    bridgeAddress,
    besideAnother: otherEngine,
    args: [
      `--host=unix://${paths.socket}`,
      `--data-root=${paths.data}`,
      `--exec-root=${paths.run}`,
      `--pidfile=${paths.pid}`,
      '--default-address-pool=base=198.19.0.0/17,size=24',
      ...network,
    ],
  };
}
