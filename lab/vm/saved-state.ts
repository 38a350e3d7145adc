/** The guests' saved state: made once per image and kept in a volume of the engine, as images are. */
import { createCachedVolume, runOnce } from '../docker/index.ts';
import type { Engine } from '../docker/index.ts';

export const stateVolume = (nodeImage: string): string =>
  `healproof-guest-state-${nodeImage.replaceAll(/[^a-z0-9]+/gi, '-')}`;

const SAVE_MS = 180_000;

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
  const there = await runOnce(engine, {
    ...mounted,
    command: ['test', '-s', '/var/lib/healproof/guest/state.json'],
    limitMs: 20_000,
  });
  if (there.exitCode === 0) return { kind: 'saved', volume };
  say('Saving the state of a booted router, once for this image …');
  const saved = await runOnce(engine, {
    ...mounted,
    command: ['/usr/lib/healproof/save-guest-state'],
    capabilities: ['NET_ADMIN'],
    devices: ['/dev/net/tun'],
    limitMs: SAVE_MS,
  });
  if (saved.exitCode === 0) return { kind: 'saved', volume };
  const because = saved.output.trim().split('\n').slice(-3).join(' ');
  say(
    `No router could be booted (exit code ${saved.exitCode}); modelled ones take their place:\n${saved.output.slice(-3000)}`,
  );
  return { kind: 'no-guest', volume, because };
}
