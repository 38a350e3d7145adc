import { everyLook, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** During a rolling upgrade there are two versions: the old one and the new one. */
const MOST_VERSIONS = 2;

/** Servers agree on the protocol, and no client is too old for the volume. */
export const versionsFit: Condition = {
  code: 'A4',
  name: 'versions-fit',
  section: 'A',
  checks:
    'every node has the same op-version, at most two versions are installed, and no client’s op-version is below what the volume demands',
  why: 'an old client grows a backlog on the upgraded node for ever; a third version means that an earlier upgrade was left half-way',
  wouldHavePrevented:
    'pending heals that never end because some hypervisor still runs the client of two versions ago',
  needs: 'full',
  asks: ['config', 'clients'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const opVersions = new Set<number>();
  const installed = new Set<string>();
  let least = 0;
  const decisions: Decision[] = [
    ...ofNodes(facts, 'config', 'glusterd’s version', (config) => {
      opVersions.add(config.opVersion);
      installed.add(config.installed);
      least = Math.max(least, config.clientOpVersion);
      return [open('')];
    }),
    ...clients(facts, () => least),
  ];
  if (opVersions.size > 1) {
    decisions.push(
      refused(
        [`nodes have different op-versions: ${[...opVersions].join(', ')}`],
        'Let the nodes that lag behind rejoin (gluster volume get all cluster.op-version on each) before any reboot.',
      ),
    );
  }
  if (installed.size > MOST_VERSIONS) {
    decisions.push(
      refused(
        [`${installed.size} versions are installed: ${[...installed].join(', ')}`],
        'Finish the upgrade that was begun first: bring all nodes to one of its two versions.',
      ),
    );
  }
  return combine(
    decisions,
    `op-version ${[...opVersions].join()}, installed ${[...installed].join(' and ')}`,
  );
}

/** One node's answer tells of the clients of every brick. */
function clients(facts: GateFacts, least: () => number): readonly Decision[] {
  const witness = facts.nodes.find((one) => one.extra.clients.seen);
  if (witness === undefined || !witness.extra.clients.seen) {
    const [first] = facts.nodes;
    const because =
      first === undefined || first.extra.clients.seen ? 'no node was asked' : first.extra.clients.because;
    return [unseen(`the clients’ versions were not seen: ${because}`)];
  }
  const old = witness.extra.clients.bricks.flatMap((one) =>
    one.clients
      .filter((client) => client.opVersion < least())
      .map((client) => `${client.host} (${client.opVersion})`),
  );
  if (old.length === 0) return [open('')];
  return [
    refused(
      [
        `clients are too old for the volume, which demands op-version ${least()}: ${[...new Set(old)].join(', ')}`,
      ],
      'Upgrade these clients and mount again (guests with libgfapi: stop and start) before any reboot.',
    ),
  ];
}
