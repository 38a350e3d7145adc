/** The gates that can be asked by name, and every condition there is. */
import type { Condition } from './condition.ts';
import { peersSymmetric } from './conditions/a2-peers-symmetric.ts';
import { quorumByLayout } from './conditions/a3a-quorum-by-layout.ts';
import { healConfigured } from './conditions/a3b-heal-configured.ts';
import { noSilentChoice } from './conditions/a3c-no-silent-choice.ts';
import { noReboot } from './conditions/b0-no-reboot.ts';
import { processesOnline } from './conditions/b1-processes-online.ts';
import { mountsConnected } from './conditions/c2-mounts-connected.ts';
import { indexEmpty } from './conditions/d1-index-empty.ts';
import { healInfoZero } from './conditions/d2-heal-info-zero.ts';
import { noSplitBrain } from './conditions/d3-no-split-brain.ts';
import { noAccusation } from './conditions/d4-no-accusation.ts';
import { otherGoodCopies } from './conditions/d6-other-good-copies.ts';
import { clientQuorumMargin } from './conditions/e1-client-quorum-margin.ts';
import { serverQuorumMargin } from './conditions/e2-server-quorum-margin.ts';
import type { Gate } from './gate.ts';

/** In the order of the sections. */
export const CONDITIONS: readonly [Condition, ...Condition[]] = [
  peersSymmetric,
  quorumByLayout,
  healConfigured,
  noSilentChoice,
  noReboot,
  processesOnline,
  mountsConnected,
  indexEmpty,
  healInfoZero,
  noSplitBrain,
  noAccusation,
  otherGoodCopies,
  clientQuorumMargin,
  serverQuorumMargin,
];

/** May the next node go down? Everything there is, three looks over two seconds. */
export const HEALED: Gate = {
  name: 'healed',
  says: 'the volume is whole: nothing to heal anywhere, and it stays readable and writable without this node',
  profile: 'full',
  stability: { looks: 3, spanMs: 2000, gapMs: 15_000 },
  conditions: CONDITIONS,
};

const GATES: Readonly<Record<string, Gate>> = { [HEALED.name]: HEALED };

/** Throws for a name that no gate has: a procedure that asks for one is wrong from the start. */
export function gateNamed(name: string): Gate {
  const found = GATES[name];
  if (found === undefined)
    throw new Error(`there is no gate "${name}"; gates are: ${Object.keys(GATES).join(', ')}`);
  return found;
}
