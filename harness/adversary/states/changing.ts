/** What one look shows is over at the next: the first answers are true, and tell nothing about now. */
import { noGo } from '../state.ts';
import type { StateFor } from '../state.ts';
import { castOf, healthy, withBacklog, withDiskFiles, withMachine } from '../world.ts';

const TWICE = 'a second look';

export const CHANGING: readonly StateFor[] = [
  (site) => {
    const { here, asked, third } = castOf(site);
    return {
      ...noGo(
        {
          name: 'flicker',
          title: 'entries come and go: 0, then 7, then 0 again',
          because: `${asked} keeps missing writes: what is healed is pending again a moment later`,
          lure: 'the first look finds 0',
          shownBy: TWICE,
        },
        healthy(site),
        withBacklog(healthy(site), 7, [here, third], [asked]),
      ),
      afterwards: 'starts-over',
    };
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'asked-too-early',
        title: `the first look is from before ${third} went down`,
        because: `${third} is off by now: with ${asked} down too quorum is lost`,
        lure: 'every answer of the first look is perfect',
        shownBy: TWICE,
      },
      healthy(site),
      withDiskFiles(withMachine(healthy(site), third, { power: 'off', brick: 'dead' }), 2, {
        accusations: [
          { by: here, of: third },
          { by: asked, of: third },
        ],
      }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'returned-and-stale',
        title: `${third} has just come back: 0 first, then its backlog`,
        because: `${third} missed writes while it was off; they are listed once its brick is connected`,
        lure: 'bricks are up, daemons are up, the first look finds 0',
        shownBy: TWICE,
      },
      healthy(site),
      withBacklog(healthy(site), 40, [here, asked], [third]),
    );
  },
];
