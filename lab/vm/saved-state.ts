/** The guests' saved state: made once per image and kept in a volume of the engine, as images are. */
import { join } from 'node:path';
import { createCachedVolume, removeCachedVolumes, runOnce } from '../docker/index.ts';
import type { Engine } from '../docker/index.ts';
import { cacheFolder } from '../engine/paths.ts';
import { lock } from '../host/index.ts';

const PREFIX = 'healproof-guest-state-';
const stateVolume = (nodeImage: string): string => `${PREFIX}${nodeImage.replaceAll(/[^a-z0-9]+/gi, '-')}`;

const LOOK_MS = 20_000;
const SAVE_MS = 180_000;
/** Longer than somebody else's whole save. */
const LOCK_MS = 5 * 60_000;

export type GuestState =
  | { readonly kind: 'saved'; readonly volume: string }
  /** The guest did not come up. The volume is there, and empty. */
  | { readonly kind: 'no-guest'; readonly volume: string; readonly because: string };

/** Boots a guest, saves its state, and keeps it. Does nothing when it is there. */
export async function ensureGuestState(
  engine: Engine,
  nodeImage: string,
  say: (text: string) => void,
): Promise<GuestState> {
  const volume = stateVolume(nodeImage);
  await createCachedVolume(engine, volume);
  const mounted = { image: nodeImage, volumes: [{ volume, at: '/var/lib/healproof/guest' }] };
  const isThere = async (): Promise<boolean> => {
    const command = ['test', '-s', '/var/lib/healproof/guest/state.json'];
    return (await runOnce(engine, { ...mounted, command, limitMs: LOOK_MS })).exitCode === 0;
  };
  if (await isThere()) return { kind: 'saved', volume };
  await using scope = new AsyncDisposableStack();
  // Two that save into one volume at once spoil each other's, and each would take it that no guest boots here.
  scope.use(
    await lock(join(cacheFolder(process.env), 'guest-state.lock'), {
      limitMs: LOCK_MS,
      what: 'saving the state of a booted router',
      onWait: (holder) => say(`waiting: ${holder} is saving the state of a booted router`),
    }),
  );
  // Somebody else may have saved it while we waited.
  if (await isThere()) return { kind: 'saved', volume };
  say('Saving the state of a booted router, once for this image …');
  const { exitCode, output } = await runOnce(engine, {
    ...mounted,
    command: ['/usr/lib/healproof/save-guest-state'],
    capabilities: ['NET_ADMIN'],
    devices: ['/dev/net/tun'],
    limitMs: SAVE_MS,
  });
  if (exitCode === 0) return { kind: 'saved', volume };
  const because = output.trim().split('\n').slice(-3).join(' ');
  say(
    `No router could be booted (exit code ${exitCode}); modelled ones take their place:\n${output.slice(-3000)}`,
  );
  return { kind: 'no-guest', volume, because };
}

/** Is this a volume of an image that is none of these? */
export function isOldState(volume: string, images: readonly string[]): boolean {
  return volume.startsWith(PREFIX) && !images.map(stateVolume).includes(volume);
}

/** Saved states of nodes' images that no present source would make. `images`: those to keep (see `currentTags`). */
export const removeOldGuestStates = (engine: Engine, images: readonly string[]): Promise<readonly string[]> =>
  removeCachedVolumes(engine, (name) => isOldState(name, images));
