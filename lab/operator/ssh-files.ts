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
}

const DESK = 'workstation';

/** Writes `config`, `known_hosts` and `key`. The folder is the user's alone: the key opens the lab. */
export function writeSshFiles(folder: string, { desk, nodes, privateKey }: OperatorWay): void {
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
