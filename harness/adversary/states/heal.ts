/** Nothing, or little, is listed as pending, and still the volume is not whole: no one heals, or the listing does not show it. */
import { noGo } from '../state.ts';
import type { StateFor } from '../state.ts';
import { castOf, healthy, withBacklog, withDiskFiles, withMachine } from '../world.ts';
import type { World } from '../world.ts';

const everywhere = (world: World, change: Parameters<typeof withMachine>[2]): World =>
  world.site.nodes.reduce((sum, one) => withMachine(sum, one, change), world);

export const HEAL: readonly StateFor[] = [
  (site) =>
    noGo(
      {
        name: 'daemon-dead',
        title: 'no self-heal daemon runs; heal info says 0',
        because:
          'what this reboot leaves behind would never be healed, and glusterd does not restart the daemons',
        lure: 'heal info says 0 everywhere, every brick is Y',
      },
      everywhere(healthy(site), { selfHeal: 'dead' }),
    ),
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'daemon-stuck',
        title: 'self-heal daemons hang; heal-count never answers',
        because: `${asked} is stale in 3 files and nothing heals; heal-count leaves the volume locked`,
        lure: 'status says Y for every daemon',
        mayHang: true,
      },
      withDiskFiles(everywhere(healthy(site), { selfHeal: 'stuck' }), 3, {
        accusations: [
          { by: here, of: asked },
          { by: third, of: asked },
        ],
      }),
    );
  },
  (site) =>
    noGo(
      {
        name: 'heal-disabled',
        title: 'cluster.self-heal-daemon is off; heal info says 0',
        because: 'what this reboot leaves behind would never be healed: somebody switched healing off',
        lure: 'heal info says 0 everywhere; the daemons simply have no rows',
      },
      {
        ...everywhere(healthy(site), { selfHeal: 'dead' }),
        options: { ...healthy(site).options, 'cluster.self-heal-daemon': 'off' },
      },
    ),
  (site) => {
    const { here, asked } = castOf(site);
    return noGo(
      {
        name: 'split-brain-in-text-only',
        title: 'split-brain, marked in the text and not in the XML',
        because: 'a disk is in split-brain: it never heals by itself',
        lure: 'the XML of heal info lists it as any other file',
      },
      withDiskFiles(healthy(site), 1, {
        splitBrain: true,
        accusations: [
          { by: here, of: asked },
          { by: asked, of: here },
        ],
      }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'other-volume-healthy',
        title: 'another volume is well and is listed first',
        because: `125 files of ${site.volume} wait to be healed`,
        lure: 'the first volume of the list has 0 everywhere',
      },
      {
        ...withBacklog(healthy(site), 125, [here, third], [asked]),
        otherVolumes: ['archive'],
      },
    );
  },
  (site) =>
    noGo(
      {
        name: 'dirty-only',
        title: 'a client died while writing: dirty, nobody accused',
        because: 'one brick lacks acknowledged writes and nobody knows yet which: only heal settles it',
        lure: 'statistics heal-count says 0: it does not count what is only dirty',
      },
      withDiskFiles(healthy(site), 3, { dirtyOn: site.nodes }),
    ),
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'mount-lost-a-brick',
        title: `the mount on ${here} lost the brick of ${third}; all else well`,
        because: `guests on ${here} write to two bricks only: without ${asked} their newest data is on one`,
        lure: 'everything that gluster prints is perfect: the writer still holds its locks',
        shownBy: 'bricks',
      },
      withDiskFiles(withMachine(healthy(site), here, { mountLost: [third] }), 2, {
        dirtyOn: [here, asked],
        locked: true,
      }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'blame-without-index',
        title: 'copies accuse each other in a circle, no index has them',
        because: 'the disk already reads ENOTCONN with every brick up, and never heals',
        lure: 'no command lists the file; split-brain says 0',
        shownBy: 'bricks',
      },
      withDiskFiles(healthy(site), 2, {
        indexed: false,
        accusations: [
          { by: here, of: asked },
          { by: asked, of: third },
          { by: third, of: here },
        ],
      }),
    );
  },
];
