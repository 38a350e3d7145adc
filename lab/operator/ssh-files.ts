/**
 * The operator's way into a lab as files that ssh itself understands: a config whose nodes are reached on lan, through the workstation
 * and whichever router is master, a key, and the hosts' keys. What works with them works on a real cluster.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from '../../harness/index.ts';

export interface WayIn {
  /** The workstation's SSH server, published on the host. Left out by whoever is on lan. */
  readonly desk?: { readonly host: string; readonly port: number; readonly hostKey: string };
  readonly nodes: readonly { readonly node: NodeName; readonly lan: string; readonly hostKey: string }[];
  readonly privateKey: string;
  readonly site: {
    readonly routers: readonly { readonly name: string; readonly vmid: number }[];
    readonly gateway: string;
    /** Conditions that this site can't fulfil, with the reason. */
    readonly waivers?: Readonly<Record<string, string>>;
  };
}

export type OperatorWay = WayIn & Required<Pick<WayIn, 'desk'>>;

const DESK = 'workstation';
export const INVENTORY = 'inventory.ini';

/** Writes them. The folder is the user's alone: the key opens the lab. */
export function writeSshFiles(folder: string, way: OperatorWay): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { name, text } of sshFiles(folder, way))
    writeFileSync(join(folder, name), text, { mode: 0o600 });
}

/** `config`, `known_hosts`, `key` and `inventory.ini`, as they are in that folder. Pure. */
export function sshFiles(
  folder: string,
  { desk, nodes, privateKey, site }: WayIn,
): readonly { readonly name: string; readonly text: string }[] {
  const desks = desk === undefined ? [] : [desk];
  const jump = desk === undefined ? '' : `  ProxyJump ${DESK}\n`;
  const hosts = [
    ...desks.map(({ host, port }) => `Host ${DESK}\n  HostName ${host}\n  Port ${port}\n`),
    ...nodes.map(({ node, lan }) => `Host ${node}\n  HostName ${lan}\n${jump}`),
  ];
  const config = `${hosts.join('\n')}
Host *
  User root
  IdentityFile "${join(folder, 'key')}"
  IdentitiesOnly yes
  UserKnownHostsFile "${join(folder, 'known_hosts')}"
  GlobalKnownHostsFile none
`;
  const known = [
    ...desks.map(({ host, port, hostKey }) => `[${host}]:${port} ${hostKey.trim()}`),
    ...nodes.map(({ lan, hostKey }) => `${lan} ${hostKey.trim()}`),
    '',
  ];
  return [
    { name: 'key', text: privateKey },
    { name: 'known_hosts', text: known.join('\n') },
    { name: INVENTORY, text: inventoryOf(nodes, site) },
    { name: 'config', text: config },
  ];
}

/** What a lab's owner says about it: what it has, and what it can't have. */
function inventoryOf(nodes: WayIn['nodes'], { routers, gateway, waivers = {} }: WayIn['site']): string {
  const guests = routers.map(({ name, vmid }) => `${name}:${vmid}`);
  return `[gluster]
${nodes.map(({ node }) => node).join('\n')}

[gluster:vars]
healproof_routers="${guests.join(',')}"
healproof_router_addresses="${gateway}"
healproof_waive_B3e="containers share the kernel of their host, so no node has a log of its own"
healproof_waive_F3="a lab is thrown away"
healproof_waive_F4="a lab has no management controllers"
healproof_waive_F5="the lab’s Alertmanager is not asked from outside of it"
${Object.entries(waivers)
  .map(([code, why]) => `healproof_waive_${code}="${why}"\n`)
  .join('')}`;
}
