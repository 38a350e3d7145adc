/**
 * The operator's way into a lab as files that ssh itself understands: a config whose nodes are reached on lan, through the workstation
 * and whichever router is master, a key, and the hosts' keys. What works with them works on a real cluster.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from '../../harness/index.ts';

export interface OperatorWay {
  /** The workstation's SSH server, published on the host. */
  readonly desk: { readonly host: string; readonly port: number; readonly hostKey: string };
  readonly nodes: readonly { readonly node: NodeName; readonly lan: string; readonly hostKey: string }[];
  readonly privateKey: string;
  readonly site: {
    readonly routers: readonly { readonly name: string; readonly vmid: number }[];
    readonly gateway: string;
  };
}

export const DESK = 'workstation';
export const INVENTORY = 'inventory.ini';

/** Writes `config`, `known_hosts`, `key` and `inventory.ini`. The folder is the user's alone: the key opens the lab. */
export function writeSshFiles(folder: string, { desk, nodes, privateKey, site }: OperatorWay): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  put('key', privateKey);
  put(
    'known_hosts',
    [
      `[${desk.host}]:${desk.port} ${desk.hostKey.trim()}`,
      ...nodes.map(({ lan, hostKey }) => `${lan} ${hostKey.trim()}`),
      '',
    ].join('\n'),
  );
  put(INVENTORY, inventoryOf(nodes, site));
  const hosts = nodes.map(({ node, lan }) => `Host ${node}\n  HostName ${lan}\n  ProxyJump ${DESK}\n`);
  put(
    'config',
    `Host ${DESK}\n  HostName ${desk.host}\n  Port ${desk.port}\n\n${hosts.join('\n')}
Host *
  User root
  IdentityFile "${join(folder, 'key')}"
  IdentitiesOnly yes
  UserKnownHostsFile "${join(folder, 'known_hosts')}"
  GlobalKnownHostsFile none
`,
  );
}

/** What a lab's owner says about it: what it has, and what it can't have. */
function inventoryOf(nodes: OperatorWay['nodes'], { routers, gateway }: OperatorWay['site']): string {
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
`;
}
