/** `healproof exporter` beside the monitoring inside: how it is called, and what it needs to come to the nodes. Pure. */
import type { SiteSpec } from '../../harness/index.ts';
import { nodeAddresses } from '../cluster/addresses.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkPlan } from '../network/plan.ts';
import { INVENTORY, sshFiles } from '../operator/ssh-files.ts';

/** Prometheus is on the same machine; nobody else has to read the page. */
export const EXPORTER_PAGE = '127.0.0.1:9924';
/** Its key opens the nodes: the folder is filled when they stand, by standard input, and is in no volume, bundle or log. */
export const EXPORTER_FOLDER = '/etc/healproof/exporter';

/**
 * A site's exporter looks once a minute. That would be every 2 s on the lab's clock, but a look takes 1.3 s in a lab, too, and 1.9 s of
 * a core on all machines together: the lab would do nothing else. Every 5 s it is 0.38 of a core, as measured. Every 10 s it would be
 * half of that, and what it said before a brick came back would last as long as the 5 minutes of ClientWithoutBrick: false mails.
 */
const EVERY_SECONDS = 5;

/** Options of the command. Named, the volume is looked for again and again. `full`: only that judges files. */
export const exporterWords = ({ volume }: SiteSpec): readonly string[] =>
  [
    ['--inventory', `${EXPORTER_FOLDER}/${INVENTORY}`],
    ['--ssh-config', `${EXPORTER_FOLDER}/config`],
    ['--volume', volume.name],
    ['--profile', 'full'],
    ['--interval', `${EVERY_SECONDS}s`],
    ['--listen', EXPORTER_PAGE],
  ].flat();

const TWO_COPIES = { A3a: 'this site has two copies by design: no layout of it has a quorum to keep' };

/** It is on lan, as the nodes are: no jump host, and each node's own key is known before the first connection. */
export function exporterFiles(
  spec: SiteSpec,
  plan: NetworkPlan,
  keys: { readonly privateKey: string; readonly hostKeys: ReadonlyMap<string, string> },
) {
  const nodes = nodeAddresses(spec, plan).map(({ node, lan }) => {
    const hostKey = keys.hostKeys.get(node);
    if (hostKey === undefined) throw new Error(`bug: nobody read the host key of ${node}`);
    return { node, lan, hostKey };
  });
  return sshFiles(EXPORTER_FOLDER, {
    nodes,
    privateKey: keys.privateKey,
    site: {
      routers: spec.routers,
      gateway: plan.ip('lan', HOST.gateway),
      ...(spec.volume.layout === 'replica-2' ? { waivers: TWO_COPIES } : {}),
    },
  });
}

/** Writes the files from standard input: a line with the number of its lines before each. `config` is the last: with it all is there. */
export const exporterInput = (files: ReturnType<typeof exporterFiles>): string =>
  files.map(({ name, text }) => `${name} ${text.trimEnd().split('\n').length}\n${text.trimEnd()}\n`).join('');

export const EXPORTER_LINE =
  `umask 077; mkdir -p ${EXPORTER_FOLDER} && cd ${EXPORTER_FOLDER} && ` +
  'while read -r name lines; do for ((at = 0; at < lines; at++)); do IFS= read -r line && printf "%s\\n" "$line"; done > ".$name" && mv ".$name" "$name"; done';
