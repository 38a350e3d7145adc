/** How the private engine is started so that it disturbs neither another one nor the machine. Pure. */
import { createHash } from 'node:crypto';
import type { EnginePaths } from './paths.ts';
import type { Route } from './procs.ts';
import { overlaps, parseCidr } from './procs.ts';

export const BRIDGE_PREFIX = 'healproof-';

/** The engine's default bridge. One name per engine folder; the kernel allows 15 characters. */
export const bridgeName = ({ folder }: EnginePaths): string =>
  `${BRIDGE_PREFIX}${createHash('sha256').update(folder).digest('hex').slice(0, 4)}`;

/** The first free /24 from 198.19.255.0 downwards, as address and bits. */
export function freeBridgeAddress(routes: readonly Route[], bridge: string): string | undefined {
  const foreign = routes.filter(({ device }) => device !== bridge);
  for (let third = 255; third >= 0; third -= 1) {
    const network = parseCidr(`198.19.${third}.0/24`);
    if (!foreign.some((route) => overlaps(route, network))) return `198.19.${third}.1/24`;
  }
  return undefined;
}

/**
 * Engines on one machine fight over two things: the interface `docker0`, whose address the later one changes, and the
 * iptables chains, which it flushes. A lone engine still turns the machine into a router and its FORWARD policy to DROP,
 * and leaves both behind. So ours brings a bridge of its own and touches neither: ports are then published by
 * docker-proxy only, and containers have no way out. A lab needs no more, and images are built on the host's network.
 * Nor --default-address-pool: with it dockerd deletes `docker0`, whoever's it is (moby, daemon_unix.go,
 * configureNetworking). Labs name their subnets themselves.
 */
export const engineFlags = (paths: EnginePaths): readonly string[] => [
  `--host=unix://${paths.socket}`,
  `--data-root=${paths.data}`,
  `--exec-root=${paths.run}`,
  `--pidfile=${paths.pid}`,
  `--bridge=${bridgeName(paths)}`,
  // where a system-wide containerd runs, dockerd uses that one, with everybody else's containers
  '--containerd-namespace=healproof',
  '--containerd-plugins-namespace=healproof-plugins',
  '--iptables=false',
  '--ip6tables=false',
  '--ip-masq=false',
  '--ip-forward=false',
];
