/** What the matrix asks: every condition that a lab can be asked, over a window as short as it may be. */
import { CONDITIONS } from '../gates/gates.ts';
import type { Gate } from '../gates/gate.ts';
import type { Condition } from '../gates/condition.ts';

/** Left out, each with why. */
export const NOT_IN_THE_MATRIX: Readonly<Record<string, string>> = {
  A4: 'every node of a lab has the same packages; another version can’t be brought about',
  A5: 'a rebalance needs a distributed volume',
  B3a: 'a brick is a volume of the engine: its file system can’t be taken away or filled without the host’s',
  B3c: 'containers share one clock',
  B3d: 'no soak within a matrix: each fault would cost ten minutes',
  B3e: 'containers share one kernel log, and it may not be read',
  C4: 'it writes, and only where its operator asks for it',
  D7: 'logs keep what the fault before has left there',
  D8: 'it looks back over the time before the fault',
  E3: 'the stand-in for pvecm asks nobody',
  E4a: 'the lease is asked by the command line tool',
  E4c: 'a lab’s nodes have nothing that upgrades by itself',
  F3: 'backups are made once in a lab',
  F4: 'a lab of the matrix has no out-of-band network',
  F5: 'a lab’s Alertmanager is not asked by a gate yet',
};

const asked = CONDITIONS.filter(
  ({ code, needs }) => NOT_IN_THE_MATRIX[code] === undefined && needs !== 'deep',
) as [Condition, ...Condition[]];

export const MATRIX_GATE: Gate = {
  name: 'matrix',
  says: 'every condition that a lab can be asked',
  profile: 'full',
  stability: { looks: 2, spanMs: 1000, gapMs: 45_000, soakMs: 0 },
  conditions: asked,
};

/** The same with the bytes of the file that a fault is made of. */
export const MATRIX_GATE_DEEP: Gate = {
  ...MATRIX_GATE,
  name: 'matrix-deep',
  says: 'the same, and the bricks hold the same bytes',
  profile: 'deep',
  conditions: CONDITIONS.filter(({ code }) => NOT_IN_THE_MATRIX[code] === undefined) as [
    Condition,
    ...Condition[],
  ],
};
