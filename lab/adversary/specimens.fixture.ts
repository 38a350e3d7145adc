/** The rebuilt gates and where each of them is fooled, as one expects of its arithmetic. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { attackStates, DEFAULT_SITE } from '../../harness/index.ts';
import type { AttackResult, AttackState } from '../../harness/index.ts';
import { attackCommand } from './attack.ts';

const FOLDER = join(import.meta.dirname, '../../scenarios/teeth/gates');
export const specimen = (name: string): string => join(FOLDER, `${name}.sh`);

/** The one in which heal commands never answer costs every gate all its time; it has a test of its own. */
export const STATES = attackStates(DEFAULT_SITE).filter((one) => one.name !== 'hangs');
export const SICK = STATES.filter((one) => !one.truth.go).map((one) => one.name);

/** An attacker whose states are laid out once for all tests of a file. */
export function attacker(): (
  command: string,
  states?: readonly AttackState[],
) => Promise<readonly AttackResult[]> {
  const kept = mkdtempSync(join(tmpdir(), 'healproof-kept-'));
  afterAll(() => rmSync(kept, { recursive: true }));
  return (command, states = STATES) =>
    attackCommand([command], {
      site: DEFAULT_SITE,
      states,
      when: { kind: 'exit', code: 0 },
      limitMs: 50_000,
      // Six tries, 300 s apart, in a third of a second.
      speed: 6000,
      leastPatienceSeconds: 20,
      keptStates: kept,
      jobs: availableParallelism() * 2,
    });
}

export const names = (results: readonly AttackResult[], worth: AttackResult['worth']): readonly string[] =>
  results.filter((one) => one.worth === worth).map((one) => one.state.name);

/** Not to be seen in one `heal info` from one node. */
const BEYOND_ONE_LOOK = [
  'rows-missing',
  'peer-rejected',
  'seen-from-one-side',
  'daemon-dead',
  'heal-disabled',
  'mount-lost-a-brick',
  'blame-without-index',
  'flicker',
  'asked-too-early',
  'returned-and-stale',
];
const DASHES = ['dash-one-brick', 'dash-all-bricks', 'brick-hung', 'glusterd-stopped-there'];
const NUMBERS_LOST = ['empty-output', 'walk-broken-off', 'cut-short', 'brick-not-listed'];
const FAILURES = ['glusterd-stopped-here', 'quorum-lost'];
/** What asks glusterd fails, and heal info tells the 125 files as ever. */
const WALKS_ONLY = ['time-out', 'lock-taken'];
const COUNTS = ['count-7', 'count-10', 'count-100', 'count-120', 'count-125', 'count-1000'];
const ENDING_IN_0 = ['count-10', 'count-100', 'count-120', 'count-1000', 'not-for-this-node'];
/** The only ones in which a row of the table says N. */
const WITH_AN_N = ['dash-one-brick', 'summary-without-counts', 'split-brain-brick-down', 'daemon-dead'];

export const FOOLED_BY: Readonly<Record<string, readonly string[]>> = {
  'vendor-sum': [...BEYOND_ONE_LOOK, ...DASHES, ...NUMBERS_LOST, ...FAILURES],
  'docs-eyeball': [...BEYOND_ONE_LOOK, ...DASHES, ...NUMBERS_LOST, ...FAILURES],
  'ovirt-last-character': [...BEYOND_ONE_LOOK, ...DASHES, ...NUMBERS_LOST, ...ENDING_IN_0],
  'ovirt-map-int': [...BEYOND_ONE_LOOK, ...DASHES, ...NUMBERS_LOST],
  'openshift-equal-zero': [...BEYOND_ONE_LOOK, ...NUMBERS_LOST],
  'heketi-rule': [
    ...BEYOND_ONE_LOOK,
    ...DASHES,
    ...COUNTS,
    ...WALKS_ONLY,
    'walk-broken-off',
    'daemon-stuck',
    'other-volume-healthy',
  ],
  'status-no-n': SICK.filter((name) => !WITH_AN_N.includes(name)),
};
