import { everyLook, ofEveryNode, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, open, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, VolumeInfo } from '../facts.ts';

/** One volume, one record of it. */
export const sameVolumeEverywhere: Condition = {
  code: 'A1',
  name: 'same-volume-everywhere',
  section: 'A',
  checks:
    'every node has the same record of the volume: bricks, options and state, and the same checksum and id in its files',
  why: 'glusterd rejects a peer whose checksum differs, at its next start: the difference lies there unseen until the reboot',
  wouldHavePrevented:
    'a node that came back "Peer Rejected" after its upgrade, without its brick, while the next one went down',
  needs: 'full',
  asks: ['config'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const records = new Map<string, string[]>();
  const checksums = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, key: string, node: string): readonly Decision[] => {
    to.set(key, [...(to.get(key) ?? []), node]);
    return [open('')];
  };
  const decisions = [
    ...ofEveryNode(
      facts,
      'volume info',
      (one) => one.info,
      (info, one) => add(records, normalized(info), one.node),
    ),
    ...ofNodes(facts, 'config', 'glusterd’s record', (config, one) =>
      add(checksums, `checksum ${config.checksum}, volume id ${config.volumeId}`, one.node),
    ),
  ];
  const differ = [
    ...(records.size > 1 ? [`nodes describe the volume differently: ${groups(records, false)}`] : []),
    ...(checksums.size > 1 ? [`nodes have different records of the volume: ${groups(checksums, true)}`] : []),
  ];
  if (differ.length > 0) {
    decisions.push(
      refused(
        differ,
        'Compare /var/lib/glusterd/vols of the nodes and bring the odd one in line before any reboot.',
      ),
    );
  }
  return combine(decisions, `${facts.nodes.length} nodes with one record of the volume`);
}

/** Order of options and bricks is the only thing that may differ. */
const normalized = (info: VolumeInfo): string =>
  JSON.stringify([
    info.id,
    info.status,
    info.typeName,
    info.replicaCount,
    info.arbiterCount,
    info.bricks.map((one) => `${one.brick} ${one.uuid} ${one.arbiter}`),
    Object.entries(info.options).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);

const groups = (found: ReadonlyMap<string, readonly string[]>, told: boolean): string =>
  [...found].map(([what, nodes]) => (told ? `${nodes.join(', ')}: ${what}` : nodes.join(', '))).join(' / ');
