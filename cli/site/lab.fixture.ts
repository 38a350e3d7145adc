/** A lab as a real cluster is met: by SSH, with an ssh_config, a key, known hosts and an inventory. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KitFacts } from '../../lab/index.ts';
import { metOverSsh, printed, stillLab } from '../bench/lab.ts';
import type { StillLab } from '../bench/lab.ts';

const WAIVED = {
  B3e: 'containers share the kernel of their host',
  F2: 'no routers',
  F3: 'a lab is thrown away',
  F4: 'no management controllers',
  F5: 'nobody is to be paged',
};

export interface Met extends StillLab {
  /** `--inventory … --ssh-config …`, every node of it. */
  readonly words: readonly string[];
  readonly key: string;
  /** Runs a line on a node by the harness's own way; it has to work. */
  readonly does: (on: string, line: string) => Promise<string>;
}

/** A volume without a VM image is none that a gate knows what to look at on. */
const IMAGE =
  'mkdir -p /mnt/pve/vmstore/images/100 && dd if=/dev/urandom of=/mnt/pve/vmstore/images/100/vm-100-disk-0.raw bs=1M count=1 conv=fsync status=none';

/** No routers: the operator stands in the data center. No guard either: it would bring the brick back that a test kills. */
export async function meetLab(): Promise<Met> {
  const still = await stillLab({
    name: 'met',
    facts: JSON.parse(process.env['HEALPROOF_KIT'] ?? 'null') as KitFacts,
    signal: new AbortController().signal,
    spec: { bootSeconds: 3, brickGuard: false },
  });
  try {
    const { lab, folder } = still;
    const ssh = await metOverSsh(still);
    const inventory = join(folder, 'site.ini');
    writeFileSync(inventory, `[gluster]\n${lab.spec.nodes.join('\n')}\n\n[gluster:vars]\n`);
    for (const [code, why] of Object.entries(WAIVED))
      appendFileSync(inventory, `healproof_waive_${code}="${why}"\n`);
    const does = (on: string, line: string): Promise<string> => {
      const shell = lab.shells().find(({ node }) => node === on);
      if (shell === undefined) throw new Error(`bug: a lab without ${on}`);
      return printed(shell, line, 30_000);
    };
    await does('pve1', IMAGE);
    return {
      ...still,
      words: ['--inventory', inventory, '--ssh-config', join(ssh, 'config')],
      key: join(ssh, 'key'),
      does,
    };
  } catch (error) {
    await still[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same config without its key, for what an agent is to offer. */
export function configWithAgent({ folder }: Met, socket: string): string {
  const text = readFileSync(join(folder, 'ssh/config'), 'utf8');
  const file = join(folder, 'agent-config');
  writeFileSync(
    file,
    text
      .replace(/^ *IdentityFile .*$/m, `  IdentityAgent "${socket}"\n  IdentityFile none`)
      .replace('IdentitiesOnly yes', 'IdentitiesOnly no'),
  );
  return file;
}
