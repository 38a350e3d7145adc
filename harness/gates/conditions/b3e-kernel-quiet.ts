import { everyLook, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, open, refused, unseen } from '../decision.ts';

/** A disk that fails tells the kernel first. */
export const kernelQuiet: Condition = {
  code: 'B3e',
  name: 'kernel-quiet',
  section: 'B',
  checks:
    'the kernel of no node has written of an I/O error, a file system shut down or one remounted read-only since it booted',
  why: 'GlusterFS goes on with a disk that returns errors now and then, and heals onto it',
  wouldHavePrevented: 'the reboot of a good node while a disk of another was dying',
  needs: 'fast',
  asks: ['logs'],
  decide: everyLook((facts) =>
    combine(
      ofNodes(facts, 'logs', 'the kernel’s log', ({ kernel }, one) => {
        if (!kernel.seen) return [unseen(`the kernel’s log of ${one.node} was not seen: ${kernel.because}`)];
        const last = kernel.lines.at(-1);
        if (last === undefined) return [open('')];
        return [
          refused(
            [
              `the kernel of ${one.node} tells of ${kernel.lines.length} disk errors since it booted, last "${last.slice(0, 160)}"`,
            ],
            `Look into the disks of ${one.node} before any other node goes down.`,
          ),
        ];
      }),
      'no disk error since boot on any node',
    ),
  ),
};
