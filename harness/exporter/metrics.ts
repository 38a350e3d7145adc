/** Every metric that the exporter tells: the contract with the alert rules and with whoever draws them. */
import type { Profile } from '../gates/facts.ts';

export interface Metric {
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
  /** The smallest profile that can tell it. */
  readonly needs: Exclude<Profile, 'deep'>;
  /** A single node can tell it of itself, without asking the others. */
  readonly local?: boolean;
}

const PER_BRICK = ['volume', 'brick'] as const;
const PER_CLIENT = ['volume', 'node', 'brick'] as const;

const VOLUME_METRICS = [
  {
    name: 'healproof_volume_bricks',
    labels: ['volume'],
    help: 'bricks the volume has by its configuration',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_brick_readable',
    labels: PER_BRICK,
    help: '1: its index was read; 0: it was not, and has no count. Never missing for a brick that was once known',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_brick_online',
    labels: PER_BRICK,
    help: '1: exactly one process serves it, and is not stopped by a signal',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_index_entries',
    labels: ['volume', 'brick', 'kind'],
    help: 'names in its index, base files left out; kind is xattrop, dirty or entry-changes',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_shd_running',
    labels: ['volume', 'node'],
    help: '1: its self-heal daemon runs, and is not stopped by a signal',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_shd_brick_connected',
    labels: PER_CLIENT,
    help: '1: that daemon is connected to the brick',
    needs: 'fast',
  },
  {
    name: 'healproof_client_brick_connected',
    labels: PER_CLIENT,
    help: '1: every mount on the node is connected to the brick',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_quorum_margin',
    labels: ['volume', 'node'],
    help: 'bricks that the mounts on the node have above the fewest that keep quorum (of two under `auto` the first one); below 0: lost',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_mount_answers',
    labels: ['volume', 'node'],
    help: '1: the node has mounted the volume, and each of its clients tells its bricks; 0: no mount, or one that hangs or has lost its client',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_peer_rejected',
    labels: ['node', 'peer'],
    help: '1: the node sees the peer rejected',
    needs: 'full',
  },
] as const satisfies readonly Metric[];

const DATA_METRICS = [
  {
    name: 'healproof_heal_info_complete',
    labels: ['volume'],
    help: '1: every brick’s index was read, and heal info, where it was asked, has a number for every brick',
    needs: 'fast',
  },
  {
    name: 'healproof_split_brain_files',
    labels: ['volume'],
    help: 'files whose copies can’t be reconciled, by the bricks’ own attributes; told only with every brick read',
    needs: 'full',
  },
  {
    name: 'healproof_cyclic_blame_files',
    labels: ['volume'],
    help: 'files whose copies accuse each other in a ring; told only with every brick read',
    needs: 'full',
  },
  {
    name: 'healproof_sole_good_copy_files',
    labels: ['volume', 'node'],
    help: 'files whose only good copy is on this node; told only with every brick read',
    needs: 'full',
  },
  {
    name: 'healproof_persistent_dirty_files',
    labels: PER_BRICK,
    help: 'files dirty on it in three looks or more that nobody wrote to meanwhile',
    needs: 'full',
  },
  {
    name: 'gluster_volume_heal_count',
    labels: ['volume', 'brick_path', 'host'],
    help: 'entries of heal info, by the largest answer; as gluster-prometheus names it, but missing for a brick without a number',
    needs: 'full',
  },
  {
    name: 'gluster_volume_split_brain_heal_count',
    labels: ['volume', 'brick_path', 'host'],
    help: 'entries of heal info split-brain; as gluster-prometheus names it, but told only with every brick connected',
    needs: 'full',
  },
  {
    name: 'gluster_brick_up',
    labels: ['volume', 'hostname', 'brick_path'],
    help: 'healproof_brick_online, as gluster-prometheus names it',
    needs: 'fast',
    local: true,
  },
  {
    name: 'gluster_peer_connected',
    labels: ['hostname'],
    help: '1: every node that answers is connected to it; as gluster-prometheus names it',
    needs: 'full',
  },
] as const satisfies readonly Metric[];

const GATE_METRICS = [
  {
    name: 'healproof_gate_open',
    labels: ['volume', 'node'],
    help: '1: the volume lets this node go; told only while the node answers',
    needs: 'fast',
  },
  {
    name: 'healproof_gate_state',
    labels: ['volume', 'node', 'state'],
    help: '1 for the answer about this node: open, held, refused or unknown; 0 for the three others',
    needs: 'fast',
  },
  {
    name: 'healproof_gate_condition_open',
    labels: ['volume', 'node', 'condition'],
    help: '1: this condition does not keep the node’s gate shut',
    needs: 'fast',
  },
  {
    name: 'healproof_gate_condition_refused',
    labels: ['volume', 'node', 'condition'],
    help: '1: this condition refuses: seen, and wrong; 0: open, waived, held, or not seen',
    needs: 'fast',
  },
  {
    name: 'healproof_node_answered',
    labels: ['node'],
    help: '1: the node answered in the last look',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_last_look_timestamp_seconds',
    labels: [],
    help: 'when the last look began, whatever it saw',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_last_look_duration_seconds',
    labels: [],
    help: 'how long it took',
    needs: 'fast',
    local: true,
  },
  {
    name: 'healproof_last_success_timestamp_seconds',
    labels: [],
    help: 'when a look last had an answer from every node and every brick; 0: never since the start',
    needs: 'fast',
    local: true,
  },
] as const satisfies readonly Metric[];

const ALL = [...VOLUME_METRICS, ...DATA_METRICS, ...GATE_METRICS] as const;

export const METRICS: readonly Metric[] = ALL;

/** A name with its labels, all of them: what is not told is no sample, and a sample has every label. */
export type Sample = {
  [K in (typeof ALL)[number]['name']]: {
    readonly name: K;
    readonly labels: Readonly<
      Record<Extract<(typeof ALL)[number], { readonly name: K }>['labels'][number], string>
    >;
    readonly value: number;
  };
}[(typeof ALL)[number]['name']];

export const asNumber = (yes: boolean): number => (yes ? 1 : 0);

/** Markdown, for the README. */
export function metricsTable(metrics: readonly Metric[] = METRICS): string {
  const rows = metrics.map(({ name, labels, help, needs, local }) => [
    `\`${name}\``,
    labels.join(', '),
    needs,
    local === true ? 'yes' : '',
    help,
  ]);
  const head = ['metric', 'labels', 'profile', '`--local`', 'meaning'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
