/** Everything that labs are built with: an engine, the images, the guests' saved state. Made once, used by every run. */
import { existsSync } from 'node:fs';
import type { Accelerator } from '../harness/index.ts';
import { Engine, runOnce } from './docker/index.ts';
import { ensureEngine } from './engine/index.ts';
import { ensureImages } from './images/index.ts';
import type { OwnFiles } from './monitoring/index.ts';
import type { LabKit } from './open-lab.ts';
import { ensureProduct } from './product/index.ts';
import type { Product } from './product/index.ts';
import { ensureGuestState } from './vm/saved-state.ts';

/** The kit as plain data, so that another process can use it. */
export interface KitFacts {
  readonly host: string;
  readonly engineVersion: string;
  readonly cgroupVersion: 1 | 2;
  readonly images: { readonly node: string; readonly outside: string };
  /** GlusterFS as the node's image has it, such as `10.3`. */
  readonly glusterfs: string;
  readonly guestState: string;
  /** What really runs a guest here. */
  readonly guests: Accelerator;
  /** Healproof itself, for a site's machine that runs its exporter. */
  readonly product: Product;
  /** Which it is, and why, one line. */
  readonly accelerator: string;
  /** The operator's own alert rules or routing in place of ours. */
  readonly ownAlerting?: OwnFiles;
}

const PROBE_MS = 20_000;

interface Guests {
  readonly guests: Accelerator;
  readonly accelerator: string;
}

/** Opening /dev/kvm proves nothing; the probe boots the guest. */
async function probeKvm(engine: Engine, image: string): Promise<Guests> {
  const tcg = (why: string): Guests => ({ guests: 'tcg', accelerator: `tcg: ${why}` });
  if (!existsSync('/dev/kvm')) return tcg('there is no /dev/kvm');
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
      ? { guests: 'kvm', accelerator: 'kvm: the probe booted a guest' }
      : tcg(`KVM can't boot the guest here (${said.slice(0, 160)})`);
  } catch (error) {
    return tcg(`the KVM probe could not run (${String(error).slice(0, 160)})`);
  }
}

/** A guest that has booted once proves that QEMU can run it; where it can't, a process stands in for it, and every report says so. */
async function probeGuests(
  engine: Engine,
  image: string,
  say: (text: string) => void,
): Promise<Guests & { readonly guestState: string }> {
  const state = await ensureGuestState(engine, image, say);
  if (state.kind === 'no-guest')
    return {
      guests: 'modelled',
      accelerator: `modelled: QEMU can't boot the guest here (${state.because.slice(0, 300)})`,
      guestState: state.volume,
    };
  return { ...(await probeKvm(engine, image)), guestState: state.volume };
}

/** Asked of the daemon itself, in the image that all nodes are made of. @throws when it does not say. */
async function glusterfsOf(engine: Engine, image: string): Promise<string> {
  const { output } = await runOnce(engine, {
    image,
    command: ['glusterd', '--version'],
    volumes: [],
    limitMs: PROBE_MS,
  });
  const version = /^glusterfs (\d[\w.-]*)/m.exec(output)?.[1];
  if (version === undefined)
    throw new Error(`which GlusterFS the nodes run: "glusterd --version" said ${output.slice(0, 160)}`);
  return version;
}

/** Finds or makes all of it. `say` gets a line whenever something takes time. Throws what a person has to read. */
export async function prepareKit({ say }: { say: (text: string) => void }): Promise<KitFacts> {
  const facts = await ensureEngine({ say });
  const { host } = facts;
  const images = await ensureImages({ host, say });
  const engine = new Engine({ host });
  const [guests, glusterfs, product] = await Promise.all([
    probeGuests(engine, images.node, say),
    glusterfsOf(engine, images.node),
    ensureProduct(engine, images.outside, say),
  ]);
  return {
    host,
    engineVersion: facts.version,
    cgroupVersion: facts.cgroupVersion === '2' ? 2 : 1,
    images,
    glusterfs,
    product,
    ...guests,
  };
}

/** `bundleOf`: the folder in which a run's evidence goes. */
export const kitFrom = (facts: KitFacts, bundleOf: (run: string) => string): LabKit => ({
  engine: new Engine({ host: facts.host }),
  cgroupVersion: facts.cgroupVersion,
  images: facts.images,
  guestState: facts.guestState,
  guests: facts.guests,
  product: facts.product,
  ...(facts.ownAlerting === undefined ? {} : { ownAlerting: facts.ownAlerting }),
  bundleOf,
});
