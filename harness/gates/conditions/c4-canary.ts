import { newest } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { Surroundings } from '../site-facts.ts';

/** From the write to the last read. */
const SLOWEST_MS = 2000;

/** The one condition that writes: it is in a gate only when its operator asks for it. */
export const canary: Condition = {
  code: 'C4',
  name: 'canary',
  section: 'C',
  checks: `a new file of 4 KiB, written and made durable on one node, reads the same on every other within ${SLOWEST_MS} ms, and is deleted again`,
  why: 'tables tell what should work; this is whether it does, through every node’s own client',
  wouldHavePrevented: 'a reboot while writes already hung on one hypervisor, with every table green',
  needs: 'full',
  asks: ['canary'],
  decide: (window) => judge(newest(window).surroundings.canary),
};

type Canary = Surroundings['canary'];

/** Whether no other one has to fly after it. */
export const canaryIsWell = (found: Canary): boolean => judge(found).kind === 'open';

function judge(found: Canary): Decision {
  if (!found.seen) return unseen(`the canary was not seen: ${found.because}`);
  const decisions: Decision[] = [
    found.writeMs <= SLOWEST_MS
      ? open('')
      : held(`writing the canary on ${found.writtenOn} took ${found.writeMs} ms`),
    ...found.reads.map((one) => {
      if (!one.same) return held(`the canary of ${found.writtenOn} does not read the same on ${one.node}`);
      return one.tookMs <= SLOWEST_MS
        ? open('')
        : held(`reading the canary on ${one.node} took ${one.tookMs} ms`);
    }),
  ];
  if (found.reads.length === 0) decisions.push(unseen('no other node read the canary'));
  if (!found.deleted) decisions.push(held(`the canary could not be deleted on ${found.writtenOn}`));
  return combine(decisions, `4 KiB from ${found.writtenOn}, read on ${found.reads.length} nodes`);
}
