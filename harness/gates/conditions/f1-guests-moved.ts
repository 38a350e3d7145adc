import { everyLook, hypervisors, noHypervisor, ofNodes } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, open, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { Guest } from '../site-facts.ts';

/** QEMU's states in which a guest can't go on by itself (qapi/run-state.json). */
const BROKEN = new Set(['io-error', 'internal-error', 'guest-panicked', 'shutdown', 'watchdog']);

/** Nobody is on the node, and everybody else is well. */
export const guestsMoved: Condition = {
  code: 'F1',
  name: 'guests-moved',
  section: 'F',
  checks:
    'no guest runs on the node, but those that may stop with it; every guest that runs elsewhere is "running", not stopped by a disk error',
  why: 'a guest that stopped on a disk error is listed as running; and whatever is left on the node goes down with it',
  wouldHavePrevented:
    'a router that went down with its node, because its migration had failed and nobody looked again',
  needs: 'full',
  asks: ['guests'],
  decide: everyLook(
    (facts, question) =>
      noHypervisor(facts, question) ??
      combine(
        ofNodes(
          facts,
          'guests',
          'its guests',
          ({ list }, one) => [
            open(''),
            ...list
              .filter((guest) => guest.qmpStatus !== undefined)
              .flatMap((guest) =>
                one.node === question.node ? stays(guest, question) : well(guest, one.node),
              ),
          ],
          hypervisors(facts, question),
        ),
        `nobody is on ${question.node}, and everybody else runs`,
      ),
  ),
};

const tell = (guest: Guest): string => `guest ${guest.vmid} (${guest.name})`;

function stays(guest: Guest, { node, site }: Question): readonly Decision[] {
  if (site?.mayStop?.includes(guest.vmid) === true) return [];
  return [
    refused(
      [`${tell(guest)} runs on ${node}`],
      `Move it away (qm migrate ${guest.vmid} NODE --online) or shut it down.`,
    ),
  ];
}

function well(guest: Guest, node: string): readonly Decision[] {
  const status = guest.qmpStatus ?? '';
  if (status === 'running') return [];
  const because = `${tell(guest)} on ${node} is "${status}"`;
  return BROKEN.has(status)
    ? [
        refused(
          [because],
          `See what its disk says (qm status ${guest.vmid} --verbose), then resume or restart it.`,
        ),
      ]
    : [held(because)];
}
