import { everyLook, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { everyBrick, setsOf } from '../layout.ts';
import { pathOfBrick } from '../../model/names.ts';
import type { BrickStorage } from '../process-facts.ts';

/** A brick that fills up while the others are rebooted stops healing. */
const MOST_USED = 0.9;

/** What every brick lies on. */
export const storageSound: Condition = {
  code: 'B3a',
  name: 'storage-sound',
  section: 'B',
  checks:
    'every brick lies on the file system that it was made on, not on the node’s root, mounted for writing; it carries the volume’s id, and ' +
    'a tenth of its bytes and inodes is free',
  why: 'an unmounted file system leaves an empty folder of the same name; a full or read-only one takes no heal',
  wouldHavePrevented:
    'the next reboot while a heal could never end: no space left on the brick that was to be healed',
  needs: 'fast',
  asks: ['storage', 'config'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const found = new Map<string, BrickStorage>();
  const ids = new Set<string>();
  const decisions: Decision[] = [
    ...ofNodes(facts, 'storage', 'what its bricks lie on', (storage) => {
      for (const one of storage.bricks) found.set(one.brick, one);
      return [open('')];
    }),
    ...ofNodes(facts, 'config', 'the volume’s id', (config) => {
      ids.add(config.volumeId);
      return [open('')];
    }),
    ...everyBrick(layout.sets).map((brick) => {
      const one = found.get(brick);
      return one === undefined ? unseen(`nobody told what brick ${brick} lies on`) : sound(one, ids);
    }),
  ];
  return combine(decisions, `${found.size} bricks on their own file systems, with room`);
}

function sound({ brick, storage }: BrickStorage, ids: ReadonlySet<string>): Decision {
  if (!storage.seen) return unseen(`what brick ${brick} lies on was not seen: ${storage.because}`);
  const path = pathOfBrick(brick);
  const meant = mountMeant(path, storage.insideMount);
  const decisions: Decision[] = [open('')];
  const refuse = (because: string, todo: string): void => void decisions.push(refused([because], todo));
  if (storage.mountedOn === '/') {
    refuse(
      `brick ${brick} lies on the root file system of its node`,
      'Mount its own file system, or move the brick.',
    );
  } else if (meant !== undefined && meant !== storage.mountedOn) {
    refuse(
      `brick ${brick} was made on the file system mounted at ${meant}, but lies on the one at ${storage.mountedOn}`,
      `Mount ${meant} again before anything is written there.`,
    );
  }
  if (storage.readOnly) {
    refuse(
      `brick ${brick} lies on a file system that is mounted read-only`,
      'Find out why in the kernel’s log; repair it.',
    );
  }
  if (storage.volumeId === undefined || !ids.has(storage.volumeId)) {
    refuse(
      `brick ${brick} carries ${storage.volumeId === undefined ? 'no volume id' : `the volume id ${storage.volumeId}`}, not this volume’s`,
      'It is not the folder that the volume was made with: look for the right file system.',
    );
  }
  decisions.push(...room(brick, storage));
  return combine(decisions, '');
}

/** Where the file system was mounted when the brick was made. A brick may be the mount point itself; an odd note tells nothing. */
function mountMeant(path: string, inside: string | undefined): string | undefined {
  if (inside === '' || inside === '/') return path;
  return inside !== undefined && path.endsWith(inside) ? path.slice(0, -inside.length) || '/' : undefined;
}

function room(
  brick: string,
  storage: Extract<BrickStorage['storage'], { readonly seen: true }>,
): readonly Decision[] {
  return (
    [
      ['bytes', storage.freeBytes, storage.totalBytes],
      ['inodes', storage.freeInodes, storage.totalInodes],
    ] as const
  ).flatMap(([what, free, total]) => {
    if (total === 0)
      return what === 'inodes' ? [] : [unseen(`brick ${brick} lies on a file system of no size`)];
    const used = 1 - free / total;
    return used < MOST_USED
      ? []
      : [held(`brick ${brick} has used ${Math.floor(used * 100)} % of its ${what}`)];
  });
}
