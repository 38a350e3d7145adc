/**
 * Condition by fault: real answers of GlusterFS in each captured state, judged by every condition that a plain cluster of three machines
 * can have.
 */
import { DEEP, extrasOfGate, judgeGate, node, withStability } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';
import { STATES } from './golden-states.ts';

/** By state: the node that is asked about. */
export const ASKED: Readonly<Record<string, string>> = {
  healthy: 'pve2',
  'live-writer': 'pve2',
  'brick-down': 'pve3',
  'brick-stopped': 'pve3',
  'bytes-differ': 'pve1',
  'file-system-away': 'pve3',
  'glusterd-stopped': 'pve1',
  'healer-stopped': 'pve3',
  'new-connections-refused': 'pve1',
  'node-down': 'pve1',
  'records-differ': 'pve1',
  'sole-good-copy': 'pve3',
  'split-brain': 'pve1',
};

/** The machines of a capture are asked one after the other, have been up for seconds, and have no list of volumes, kernel log, guests or description. */
const gate = withStability(DEEP, { looks: 1, spanMs: 0, soakMs: 3000 });
const WAIVED = ['A6', 'B3c', 'B3e', 'E4a', 'F2', 'F3', 'F4', 'F5'].map((condition) => ({
  condition,
  why: 'a capture',
}));

/** Codes and kinds of what is not open in a state. */
export async function shutIn(
  state: string,
  replay: (state: string) => readonly Shell[],
): Promise<Readonly<Record<string, string>>> {
  const target = ASKED[state];
  if (target === undefined) throw new Error(`which node is asked about in state "${state}"?`);
  const facts = await gateFacts(replay(state), 'vmstore', 'deep', {
    extras: extrasOfGate(gate),
    folders: ['/mnt/backup'],
  });
  const { rulings } = judgeGate(gate, { node: node(target), waivers: WAIVED }, [facts]);
  return Object.fromEntries(
    rulings
      .filter((one) => one.waived === undefined && one.decision.kind !== 'open')
      .map((one) => [one.code, one.decision.kind]),
  );
}

export interface Row {
  readonly state: string;
  readonly asked: string;
  readonly says: string;
  readonly shut: Readonly<Record<string, string>>;
}

export const rowsOf = (replay: (state: string) => readonly Shell[]): Promise<readonly Row[]> =>
  Promise.all(
    Object.entries(ASKED).map(async ([state, asked]) => ({
      state,
      asked,
      says: STATES[state]?.says ?? '',
      shut: await shutIn(state, replay),
    })),
  );
