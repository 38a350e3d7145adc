/** A backlog, plain to see, in numbers that careless arithmetic gets wrong. */
import { noGo } from '../state.ts';
import type { StateFor } from '../state.ts';
import { castOf, healthy, withBacklog, withDiskFiles } from '../world.ts';

/** The rebooted brick shows 0, the two that were up show the backlog: entries are listed where the good copy is. */
const backlog =
  (count: number, lure: string): StateFor =>
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: `count-${count}`,
        title: `${count} files to heal on ${asked}`,
        because: `${asked} is stale in ${count} files: heal is at work, and stops when it goes down`,
        lure,
      },
      withBacklog(healthy(site), count, [here, third], [asked]),
    );
  };

const LAST_DIGIT = 'the number ends in 0';

export const COUNTS: readonly StateFor[] = [
  backlog(7, 'a single digit'),
  backlog(10, LAST_DIGIT),
  backlog(100, LAST_DIGIT),
  backlog(120, LAST_DIGIT),
  backlog(125, 'a number of three digits'),
  backlog(1000, LAST_DIGIT),
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'sole-good-copy',
        title: `3 files are good on ${asked} only`,
        because: `${asked} holds the only good copy of 3 files: without it the guests' disks can't be read`,
        lure: `the others list 0, and nothing waits to be healed on ${asked} itself`,
      },
      withDiskFiles(healthy(site), 3, {
        accusations: [
          { by: asked, of: here },
          { by: asked, of: third },
        ],
      }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'not-for-this-node',
        title: `10 files to heal, none of them on ${asked}`,
        because: `${third} is stale: with ${asked} down only one good copy is left, and no heal runs`,
        lure: `nothing in the list needs syncing to ${asked}`,
      },
      withBacklog(healthy(site), 10, [here, asked], [third]),
    );
  },
];
