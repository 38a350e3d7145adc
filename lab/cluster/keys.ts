/** SSH keys of a cluster that is being built. */
import type { NodeName, SiteSpec } from '../../harness/index.ts';
import { execLine } from '../docker/index.ts';
import type { Engine, Machine } from '../docker/index.ts';
import { EXPORTER_LINE, exporterFiles, exporterInput } from '../monitoring/exporter.ts';
import { HOST } from '../network/plan.ts';
import { makeKeyPair } from '../ssh/index.ts';
import { mustSucceed } from './form.ts';
import type { Made } from './requests.ts';

/** The node makes its own key while it boots, so that is waited for. */
const LINE =
  'umask 077; mkdir -p /root/.ssh && cd /root/.ssh && read -r public && read -r exporter && printf "%s\\n" "$public" "$exporter" > authorized_keys && cat > id_ed25519 && ' +
  "printf 'Host *\\n  StrictHostKeyChecking no\\n  UserKnownHostsFile /dev/null\\n  LogLevel ERROR\\n' > config && until [ -s /etc/ssh/ssh_host_ed25519_key.pub ]; do sleep 0.05; done && cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub";

/** The exporter's: it opens nodes from where the exporter runs and from nowhere else, and opens nothing further. */
const onlyFrom = (address: string, publicKey: string): string =>
  `restrict,from="${address}" ${publicKey.trim()}`;

interface Keys {
  readonly privateKey: string;
  readonly publicKey: string;
  /** Line of authorized_keys for the exporter, where there is one. */
  readonly exporter?: string;
}

/**
 * The operator's key opens every node, and every node every other, as in a Proxmox cluster. By standard input: it shows in no log.
 * Answers the nodes' own keys, by which whoever comes by SSH knows them.
 */
async function giveKeys(
  engine: Engine,
  nodes: readonly (readonly [NodeName, Machine])[],
  { privateKey, publicKey, exporter = '' }: Keys,
): Promise<HostKeys> {
  const given = nodes.map(async ([node, machine]) => {
    const hostKey = mustSucceed(
      node,
      'write the SSH keys',
      await execLine(engine, machine, LINE, {
        limitMs: 10_000,
        input: `${publicKey.trim()}\n${exporter}\n${privateKey}`,
      }),
    );
    return [node, hostKey.trim()] as const;
  });
  return new Map(await Promise.all(given));
}

/** `type base64` by node, as known_hosts has it. */
type HostKeys = ReadonlyMap<NodeName, string>;

interface Closed {
  readonly engine: Engine;
  readonly spec: SiteSpec;
  readonly made: Made;
  readonly nodes: readonly (readonly [NodeName, Machine])[];
}

/**
 * For the operator, and for the site's exporter where there is one, which has a key of its own. Answers how the exporter's machine gets what
 * it starts with.
 */
export async function openNodes(
  { engine, spec, made, nodes }: Closed,
  operator: Pick<Keys, 'privateKey' | 'publicKey'>,
): Promise<((monitor: Machine, signal: AbortSignal) => Promise<void>) | undefined> {
  if (made.product === undefined) {
    await giveKeys(engine, nodes, operator);
    return undefined;
  }
  const own = makeKeyPair();
  const exporter = onlyFrom(made.plan.ip('lan', HOST.monitor), own.publicKey);
  const hostKeys = await giveKeys(engine, nodes, { ...operator, exporter });
  return async (monitor, signal) => {
    const files = exporterFiles(spec, made.plan, { privateKey: own.privateKey, hostKeys });
    // By standard input: the key shows in no log.
    const options = { limitMs: 10_000, signal, input: exporterInput(files) };
    const given = await execLine(engine, monitor, EXPORTER_LINE, options);
    mustSucceed('monitor', 'write the exporter’s files', given);
  };
}
