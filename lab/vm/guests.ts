/** The routers' VMs: their disks on the volume, their backups off it, their configuration in Proxmox's form, and their start. */
import { dirname } from 'node:path/posix';
import { imageOf } from '../../harness/index.ts';
import type { Accelerator, EventBody, RouterName, RouterSpec, Shell, SiteSpec } from '../../harness/index.ts';
import type { Do } from '../cluster/form.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkPlan } from '../network/plan.ts';

export const backupOf = ({ vmid }: RouterSpec): string => `/mnt/backup/dump/vzdump-qemu-${vmid}.raw`;

/** CARP: one group for both routers; the first one is preferred. */
const VHID = 10;
const SKEW_STEP = 100;

const mac = (vmid: number, nic: number): string =>
  `52:54:00:50:${(vmid % 256).toString(16).padStart(2, '0')}:0${nic}`;

/** A VM's configuration file. `#healproof` carries what only the lab needs; Proxmox VE keeps such a line as a comment. */
export function vmConf(spec: SiteSpec, plan: NetworkPlan, router: RouterSpec, guests: Accelerator): string {
  const at = spec.routers.indexOf(router);
  const onError = spec.diskErrorPolicy === 'stop' ? 'stop' : 'report';
  const accel = spec.accelerator === 'probe' ? guests : spec.accelerator;
  const own = (network: 'wan' | 'lan') => `${plan.ip(network, HOST.firstRouter + at)}/24`;
  const words = {
    wan: own('wan'),
    lan: own('lan'),
    wvip: plan.ip('wan', HOST.gateway),
    lvip: plan.ip('lan', HOST.gateway),
    vhid: VHID,
    skew: at * SKEW_STEP,
    iv: router.writeEveryMs,
    policy: spec.diskErrorPolicy,
  };
  const image = imageOf(router).replace('/images/', '');
  return [
    `#healproof: ${JSON.stringify({ accel, start: spec.guestStart, master: at === 0, router: words })}`,
    `name: ${router.name}`,
    'memory: 96',
    'onboot: 1',
    `virtio0: vmstore:${image},werror=${onError},rerror=${onError},size=${spec.imageMiB}M`,
    `net0: virtio=${mac(router.vmid, 0)},bridge=vmbr1`,
    `net1: virtio=${mac(router.vmid, 1)},bridge=vmbr0`,
    '',
  ].join('\n');
}

const DISK_MS = 60_000;
/** A cold boot takes 2.4 s on a quiet machine and was seen to take 16 s on a busy one. */
const START_MS = 60_000;

/**
 * By one client: GlusterFS 10.3 does not bear two that make the same folder at the same moment. Of 300 such pairs one answered EIO, and
 * one ended the FUSE client.
 */
async function makeFolders({ routers, volume }: SiteSpec, run: Do): Promise<void> {
  const [first] = routers;
  if (first === undefined) return;
  const folders = routers.map((router) => `/mnt/pve/${volume.name}${dirname(imageOf(router))}`);
  await run(first.startsOn, `mkdir -p ${folders.join(' ')}`, DISK_MS);
}

async function makeDisk(spec: SiteSpec, router: RouterSpec, run: Do): Promise<void> {
  const image = `/mnt/pve/${spec.volume.name}${imageOf(router)}`;
  await run(
    router.startsOn,
    `mkdir -p /mnt/backup/dump && /usr/lib/healproof/make-router-disk ${spec.imageMiB} ${backupOf(router)} && ` +
      `cp --sparse=always ${backupOf(router)} ${image} && sync -f ${image}`,
    DISK_MS,
  );
}

/** Makes disks and backups, then starts every router where it belongs. Answers the backups as events. */
export async function startGuests(
  spec: SiteSpec,
  plan: NetworkPlan,
  run: Do,
  guests: Accelerator,
): Promise<readonly EventBody[]> {
  await makeFolders(spec, run);
  await Promise.all(
    spec.routers.map(async (router) => {
      await makeDisk(spec, router, run);
      const conf = `/etc/pve/nodes/${router.startsOn}/qemu-server/${router.vmid}.conf`;
      await run(router.startsOn, `cat > ${conf} <<'CONF'\n${vmConf(spec, plan, router, guests)}CONF`, 10_000);
    }),
  );
  await Promise.all(spec.routers.map(({ startsOn, vmid }) => run(startsOn, `qm start ${vmid}`, START_MS)));
  // Each backup is the disk as it was before the router wrote its first record.
  return spec.routers.map((router) => ({
    kind: 'backup',
    router: router.name,
    file: backupOf(router),
    holds: [],
  }));
}

/** Shuts the routers down in an orderly way wherever they run, so that the last look sees disks that nobody writes. */
export async function quiesceGuests(spec: SiteSpec, shells: readonly Shell[]): Promise<void> {
  const vmids = spec.routers.map(({ vmid }) => vmid).join(' ');
  const line = `for id in ${vmids}; do if [ -e /etc/pve/qemu-server/$id.conf ]; then timeout 20 qm stop $id; fi; done; true`;
  await Promise.all(shells.map((shell) => shell.run(line, { limitMs: 45_000 })));
}

/** Which image each router's configuration names now (a restore makes a new one), below the volume's root. */
export async function currentImages(
  spec: SiteSpec,
  shells: readonly Shell[],
): Promise<readonly { readonly router: RouterName; readonly path: string }[]> {
  return Promise.all(
    spec.routers.map(async (router) => {
      const line = `sed -n 's|^virtio0: vmstore:\\([^,]*\\).*|/images/\\1|p' /etc/pve/nodes/*/qemu-server/${router.vmid}.conf`;
      for (const shell of shells) {
        const said = await shell.run(line, { limitMs: 5000 });
        if (said.kind === 'exited' && said.stdout.trim() !== '')
          return { router: router.name, path: said.stdout.trim() };
      }
      return { router: router.name, path: imageOf(router) };
    }),
  );
}
