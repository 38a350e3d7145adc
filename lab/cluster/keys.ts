/** SSH keys of a cluster that is being built. */
import type { NodeName } from '../../harness/index.ts';
import { execLine } from '../docker/index.ts';
import type { Engine, Machine } from '../docker/index.ts';
import { mustSucceed } from './form.ts';

const LINE =
  'umask 077; mkdir -p /root/.ssh && cd /root/.ssh && read -r public && echo "$public" > authorized_keys && cat > id_ed25519 && ' +
  "printf 'Host *\\n  StrictHostKeyChecking no\\n  UserKnownHostsFile /dev/null\\n  LogLevel ERROR\\n' > config";

/** The operator's key opens every node, and every node every other, as in a Proxmox cluster. By standard input: it shows in no log. */
export async function giveKeys(
  engine: Engine,
  nodes: readonly (readonly [NodeName, Machine])[],
  { privateKey, publicKey }: { readonly privateKey: string; readonly publicKey: string },
): Promise<void> {
  await Promise.all(
    nodes.map(async ([node, machine]) =>
      mustSucceed(
        node,
        'write the SSH keys',
        await execLine(engine, machine, LINE, {
          limitMs: 10_000,
          input: `${publicKey.trim()}\n${privateKey}`,
        }),
      ),
    ),
  );
}
