/** Where everything lives. Pure: a slot number in, every address out. All of it is inside 198.18.0.0/16 (RFC 2544, never routed). */

export const NETWORKS = ['storage', 'lan', 'wan', 'oob', 'control'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** A lab's /21, as its number from 0 to 31. */
export type Slot = number;
export const SLOTS = 32;

export interface NetworkPlan {
  readonly slot: Slot;
  /** CIDR of each network, a /24. */
  readonly cidr: Readonly<Record<NetworkName, string>>;
  /** Address of a host on a network. */
  ip(network: NetworkName, host: number): string;
}

/** Host numbers, the same on every network. */
export const HOST = {
  bridge: 1,
  firstNode: 11,
  storehouse: 21,
  monitor: 22,
  customer: 31,
  workstation: 32,
  offsite: 33,
  recorder: 34,
  firstRouter: 101,
  gateway: 254,
} as const;

export function planNetworks(slot: Slot): NetworkPlan {
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS)
    throw new Error(`bug: there is no lab slot ${slot}`);
  const third = (network: NetworkName): number => slot * 8 + NETWORKS.indexOf(network);
  return {
    slot,
    cidr: {
      storage: `198.18.${third('storage')}.0/24`,
      lan: `198.18.${third('lan')}.0/24`,
      wan: `198.18.${third('wan')}.0/24`,
      oob: `198.18.${third('oob')}.0/24`,
      control: `198.18.${third('control')}.0/24`,
    },
    ip: (network, host) => `198.18.${third(network)}.${host}`,
  };
}
