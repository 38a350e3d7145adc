/** Everything that labs are built with: an engine, the images, the guests' saved state. Made once, used by every run. */
import { existsSync } from 'node:fs';
import { Engine, runOnce } from './docker/index.ts';
import { ensureEngine } from './engine/index.ts';
import { ensureImages } from './images/index.ts';
import type { LabKit } from './open-lab.ts';
import { ensureGuestState } from './vm/saved-state.ts';

/** The kit as plain data, so that another process can use it. */
export interface KitFacts {
  readonly host: string;
  readonly engineVersion: string;
  readonly cgroupVersion: 1 | 2;
  readonly images: { readonly node: string; readonly outside: string };
  readonly guestState: string;
  readonly kvm: boolean;
  /** Why KVM is used or not, one line. */
  readonly accelerator: string;
}

const PROBE_MS = 20_000;

/** Opening /dev/kvm proves nothing; the probe boots the guest. */
async function probeKvm(engine: Engine, image: string): Promise<{ kvm: boolean; why: string }> {
  if (!existsSync('/dev/kvm')) return { kvm: false, why: 'tcg: there is no /dev/kvm' };
  try {
    const probe = await runOnce(engine, {
      image,
      command: ['/usr/lib/healproof/probe-kvm'],
      volumes: [],
      devices: ['/dev/kvm'],
      limitMs: PROBE_MS,
    });
    const said = probe.output.trim().split('\n').at(-1) ?? '';
    return probe.exitCode === 0
      ? { kvm: true, why: 'kvm: the probe booted a guest' }
      : { kvm: false, why: `tcg: KVM can't boot the guest here (${said.slice(0, 160)})` };
  } catch (error) {
    return { kvm: false, why: `tcg: the KVM probe could not run (${String(error).slice(0, 160)})` };
  }
}

/** Finds or makes all of it. `say` gets a line whenever something takes time. Throws what a person has to read. */
export async function prepareKit({ say }: { say: (text: string) => void }): Promise<KitFacts> {
  const facts = await ensureEngine({ say });
  const { host } = facts;
  const images = await ensureImages({ host, say });
  const engine = new Engine({ host });
  const [{ kvm, why }, guestState] = await Promise.all([
    probeKvm(engine, images.node),
    ensureGuestState(engine, images.node, say),
  ]);
  return {
    host,
    engineVersion: facts.version,
    cgroupVersion: facts.cgroupVersion === '2' ? 2 : 1,
    images,
    guestState,
    kvm,
    accelerator: why,
  };
}

/** `bundleOf`: the folder in which a run's evidence goes. */
export const kitFrom = (facts: KitFacts, bundleOf: (run: string) => string): LabKit => ({
  engine: new Engine({ host: facts.host }),
  cgroupVersion: facts.cgroupVersion,
  images: facts.images,
  guestState: facts.guestState,
  kvm: facts.kvm,
  bundleOf,
});
