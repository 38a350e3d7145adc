/** Bricks, daemons and nodes that are away, and what the CLI makes of it: `-`, missing rows, numbers that are lost. */
import { WALKS } from '../answer.ts';
import { answerTo as stale } from '../answers.ts';
import { noGo } from '../state.ts';
import type { StateFor } from '../state.ts';
import { castOf, healthy, withBacklog, withDiskFiles, withMachine } from '../world.ts';
import type { World } from '../world.ts';

/** All bricks print `-`: the walk's own client reached nobody. */
function allDashes(world: World): World {
  return {
    ...world,
    distort: (answer, { topic }) =>
      WALKS.has(topic)
        ? {
            ...answer,
            stdout: answer.stdout
              .replaceAll(/^\/.*\n/gm, '')
              .replaceAll(/^(.*entries.*): .*$/gm, '$1: -')
              .replaceAll('Status: Connected', 'Status: Transport endpoint is not connected')
              .replaceAll(/<file .*?<\/file>/g, '')
              .replaceAll(/(<(\w*[oO]fEntries\w*)>)\d+/g, '$1-')
              .replaceAll('<status>Connected', '<status>Transport endpoint is not connected'),
          }
        : answer,
  };
}

export const AWAY: readonly StateFor[] = [
  (site) => {
    const { asked, third } = castOf(site);
    return noGo(
      {
        name: 'dash-one-brick',
        title: `the brick of ${third} is down: "-", all others 0`,
        because: `with ${asked} down too, one brick of three is left: quorum is lost, the guests' disks are gone`,
        lure: '"Number of entries: -" exits with 0 and adds up to 0',
      },
      withMachine(healthy(site), third, { brick: 'dead' }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'dash-all-bricks',
        title: 'every brick prints "-"',
        because: 'nobody could be asked, and behind it 125 files wait to be healed',
        lure: 'there is not one number in the answer, and it exits with 0',
      },
      allDashes(withBacklog(healthy(site), 125, [here, third], [asked])),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'summary-without-counts',
        title: `${third}'s brick is down under a writer; XML summary has no counts`,
        because: `${third} misses writes, seen only as dirty, and with ${asked} down quorum is lost`,
        lure: 'XML summary has no number, heal-count says 0, - and 0',
      },
      withDiskFiles(withMachine(healthy(site), third, { brick: 'dead' }), 3, { dirtyOn: [here, asked] }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'split-brain-brick-down',
        title: `split-brain counts 0 while ${third}'s brick is down`,
        because: 'two copies accuse each other; while a brick is down nothing is judged to be split',
        lure: 'info split-brain says 0, 0 and -',
      },
      withDiskFiles(withMachine(healthy(site), third, { brick: 'dead' }), 2, {
        splitBrain: true,
        accusations: [
          { by: here, of: asked },
          { by: asked, of: here },
        ],
      }),
    );
  },
  (site) => {
    const { asked, third } = castOf(site);
    return noGo(
      {
        name: 'brick-hung',
        title: `the brick of ${third} hangs; status says Y`,
        because: `${third}'s brick answers nobody: without ${asked} quorum is lost`,
        lure: 'volume status has a Y, a port and a pid for it; heal info has "-"',
      },
      withMachine(healthy(site), third, { brick: 'hung' }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    return noGo(
      {
        name: 'node-down',
        title: `${third} is off`,
        because: `with ${asked} down too, one node of three is left: quorum is lost`,
        lure: `${third} has no rows in volume status, so no row says N`,
      },
      withDiskFiles(withMachine(healthy(site), third, { power: 'off', brick: 'dead' }), 2, {
        accusations: [
          { by: here, of: third },
          { by: asked, of: third },
        ],
      }),
    );
  },
  (site) => {
    const { asked, third } = castOf(site);
    return noGo(
      {
        name: 'glusterd-stopped-there',
        title: `glusterd of ${third} is stopped, its brick serves on`,
        because: `without ${asked} the last glusterd is alone: server quorum is lost, it kills its own brick`,
        lure: `${third} has no rows in volume status; heal info has "-"`,
      },
      withMachine(healthy(site), third, { glusterd: 'stopped' }),
    );
  },
  (site) => {
    const { here } = castOf(site);
    return noGo(
      {
        name: 'glusterd-stopped-here',
        title: 'glusterd does not run where the gate runs',
        because: `with another node down server quorum is lost, and nothing could be asked on ${here} at all`,
        lure: '"Connection failed. …", exit code 1, no XML',
      },
      withMachine(healthy(site), here, { glusterd: 'stopped' }),
    );
  },
  (site) => {
    const { third } = castOf(site);
    const world = withMachine(healthy(site), third, { glusterd: 'stopped' });
    const before = healthy(site);
    return noGo(
      {
        name: 'rows-missing',
        title: `volume status has no rows for ${third}, all else looks well`,
        because: `glusterd of ${third} has just died: with another one away server quorum is lost`,
        lure: 'no row says N; peer status and heal info still tell the old story',
      },
      {
        ...world,
        distort: (answer, question, view) =>
          WALKS.has(question.topic) || question.topic === 'peer-status' || question.topic === 'pool-list'
            ? view === third
              ? answer
              : stale(before, view, question)
            : answer,
      },
    );
  },
  (site) => {
    const { third } = castOf(site);
    return noGo(
      {
        name: 'peer-rejected',
        title: `${third} is a rejected peer, its brick serves on`,
        because: `${third} is out of the pool since its upgrade: without another node server quorum is lost`,
        lure: `heal info says 0 for all bricks; ${third} has no rows in volume status`,
      },
      withMachine(healthy(site), third, { rejected: true }),
    );
  },
  (site) => {
    const { here, asked, third } = castOf(site);
    const cut = withMachine(healthy(site), here, { cutFrom: [asked, third] });
    return noGo(
      {
        name: 'quorum-lost',
        title: `${here} is cut off: "Not able to fetch volfile", exit code 251`,
        because: `${here} is cut off and misses every write: without ${asked} one brick is left`,
        lure: 'an error message without a number; the XML has an empty list of bricks',
      },
      withDiskFiles(cut, 2, {
        accusations: [
          { by: asked, of: here },
          { by: third, of: here },
        ],
      }),
    );
  },
  (site) => {
    const { here, third } = castOf(site);
    return noGo(
      {
        name: 'seen-from-one-side',
        title: `${here} and ${third} are cut off; ${here} has not noticed`,
        because: `${here} and ${third} can't reach each other: with the third one down each stands alone`,
        lure: `on ${here} every answer is perfect; on ${third} it is not`,
        shownBy: 'another node',
      },
      {
        ...withMachine(healthy(site), third, { cutFrom: [here] }),
        distort: (answer, question, view) => (view === here ? stale(healthy(site), view, question) : answer),
      },
    );
  },
];
