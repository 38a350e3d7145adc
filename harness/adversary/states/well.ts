/** States in which the node may go down. A gate that never opens protects nothing: people will go around it. */
import { mayGo } from '../state.ts';
import type { StateFor } from '../state.ts';
import { healthy, withDiskFiles } from '../world.ts';

export const WELL: readonly StateFor[] = [
  (site) =>
    mayGo(
      {
        name: 'healthy-idle',
        title: 'all well, nobody writes',
        because: 'all bricks and daemons run, nothing is pending on any brick',
      },
      healthy(site),
    ),
  (site) =>
    mayGo(
      {
        name: 'healthy-writing',
        title: 'all well, the guests write (dirty on every brick)',
        because: 'a live writer leaves each of its files dirty on all bricks; heal info does not list them',
      },
      withDiskFiles(healthy(site), 4, { dirtyOn: site.nodes, locked: true }),
    ),
  (site) =>
    mayGo(
      {
        name: 'healthy-slow',
        title: 'all well, but every command takes 6 s',
        because: 'slow is not sick: all bricks and daemons run, nothing is pending',
      },
      { ...healthy(site), slowSeconds: 6 },
    ),
];
