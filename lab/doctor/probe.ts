/** Tries in a throw-away container what a node has to be able to do. Capabilities and kernel features show only so. */
import { engineJson } from '../engine/http.ts';
import type { Finding } from './finding.ts';
import { fine } from './finding.ts';

interface Trial {
  readonly name: string;
  /** Shell commands, in a node container with its capabilities and no network; a volume is at /volume. */
  readonly run: string;
  readonly why: string;
  readonly fix: string;
  /** Without it a lab runs all the same. */
  readonly optional?: true;
}

const MORE_RIGHTS =
  'run the engine on a real or virtual machine, not inside a container that lacks the right';

export const TRIALS: readonly Trial[] = [
  {
    name: 'mounting',
    run: 'mount -t tmpfs tmpfs /mnt',
    why: 'nodes mount their volume (CAP_SYS_ADMIN)',
    fix: MORE_RIGHTS,
  },
  {
    name: 'cgroups',
    run: '[ ! -e /sys/fs/cgroup/cgroup.controllers ] || { mount -o remount,rw /sys/fs/cgroup && mkdir /sys/fs/cgroup/hp && rmdir /sys/fs/cgroup/hp; }',
    why: 'nodes run systemd, which makes groups of its own (cgroup v2)',
    fix: MORE_RIGHTS,
  },
  {
    name: 'boot id',
    run: 'cat /proc/sys/kernel/random/uuid >/tmp/id && mount --bind /tmp/id /proc/sys/kernel/random/boot_id',
    why: 'each boot of a node must be told from the last',
    fix: MORE_RIGHTS,
  },
  {
    name: 'brick attributes',
    run: 'touch /volume/x && setfattr -n trusted.healproof -v 1 /volume/x',
    why: 'GlusterFS keeps who missed what in trusted.* attributes on the bricks',
    fix: "put the engine's data root on ext4 or xfs; rootless engines can't",
  },
  {
    name: 'bridges',
    run: 'ip link add hp0 type bridge && ip tuntap add dev hp1 mode tap && ip link set hp1 master hp0',
    why: 'guests are plugged into the nodes’ bridges (CAP_NET_ADMIN)',
    fix: 'modprobe bridge tun',
  },
  {
    name: 'fuse',
    run: 'exec 3<>/dev/fuse',
    why: 'nodes mount the volume by FUSE',
    fix: 'modprobe fuse',
  },
  {
    name: 'nftables',
    run: "nft 'add table inet hp; add chain inet hp c { type filter hook input priority 0; }; add rule inet hp c numgen random mod 100 < 5 drop'",
    why: 'networks are cut and made lossy by nftables',
    fix: 'modprobe -a nf_tables nft_numgen',
  },
  {
    name: 'tbf',
    run: 'tc qdisc replace dev lo root tbf rate 100mbit burst 256kb latency 100ms',
    why: 'limits the speed of storage links',
    fix: 'modprobe sch_tbf',
  },
  {
    name: 'netem',
    run: 'tc qdisc replace dev lo root netem delay 1ms',
    why: 'not needed: loss and delay are made by nftables and GlusterFS itself',
    fix: '',
    optional: true,
  },
];

const LIMIT_MS = 30_000;

/** One line per trial: `yes NAME` or `no NAME <what it said>`. */
const script = (): string =>
  TRIALS.map(
    ({ name, run }) =>
      `if said=$( { ${run}; } 2>&1 ); then echo "yes ${name}"; else echo "no ${name}: $(echo "$said" | tail -n 1)"; fi`,
  ).join('\n');

/** What the container said, as findings. A trial without an answer has failed. */
export function readTrials(output: string): readonly Finding[] {
  const lines = output.split(/\r?\n/);
  return TRIALS.map(({ name, why, fix, optional }) => {
    if (lines.includes(`yes ${name}`)) return fine(name, 'works in a container', why);
    const said = lines.find((line) => line.startsWith(`no ${name}: `))?.slice(`no ${name}: `.length);
    const found = `does not work in a container: ${said ?? 'no answer'}`;
    return { name, ok: optional ? 'ok' : 'fail', found, why, fix };
  });
}

/** Newest node image that the engine has, of whatever age: for trying, any will do. */
async function nodeImage(host: string): Promise<string | undefined> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['healproof=1'] }));
  const images = (await engineJson(host, {
    path: `/images/json?filters=${filters}`,
    limitMs: 10_000,
  })) as readonly { RepoTags: readonly string[] | null }[];
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).find((tag) => tag.startsWith('healproof/node:'));
}

async function runTrials(host: string, image: string): Promise<string> {
  const device = (path: string) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rwm' });
  const { Id } = (await engineJson(host, {
    method: 'POST',
    path: '/containers/create',
    body: {
      Image: image,
      Cmd: ['/bin/sh', '-c', script()],
      Tty: true,
      Labels: {
        healproof: '1',
        'healproof.run': `doctor-${process.pid}`,
        'healproof.pid': String(process.pid),
      },
      Volumes: { '/volume': {} },
      HostConfig: {
        NetworkMode: 'none',
        CapAdd: ['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'DAC_READ_SEARCH', 'SYS_PTRACE', 'SYS_NICE'],
        SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
        Devices: [device('/dev/fuse'), device('/dev/net/tun')],
      },
    },
    limitMs: LIMIT_MS,
  })) as { Id: string };
  await using scope = new AsyncDisposableStack();
  const at = `/containers/${Id}`;
  scope.defer(() =>
    engineJson(host, { method: 'DELETE', path: `${at}?force=1&v=1`, limitMs: LIMIT_MS }).then(
      () => undefined,
    ),
  );
  await engineJson(host, { method: 'POST', path: `${at}/start`, limitMs: LIMIT_MS });
  await engineJson(host, { method: 'POST', path: `${at}/wait`, limitMs: LIMIT_MS });
  let said = '';
  await engineJson(host, {
    path: `${at}/logs?stdout=1&stderr=1`,
    limitMs: LIMIT_MS,
    onData: (chunk) => (said += chunk),
  });
  return said;
}

/** Never throws: a container that can't even be started is a finding. */
export async function probeFindings(host: string): Promise<readonly Finding[]> {
  const why = 'a node needs rights and kernel features that show only inside a container';
  const image = await nodeImage(host).catch(() => undefined);
  if (image === undefined)
    return [fine('containers', 'not tried: there is no image yet; look again after the first run', why)];
  try {
    return readTrials(await runTrials(host, image));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return [{ name: 'containers', ok: 'fail', found, why, fix: MORE_RIGHTS }];
  }
}
