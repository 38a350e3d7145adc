/** This machine: kernel, devices, memory, disk. Looks and changes nothing. */
import { access, readFile, statfs } from 'node:fs/promises';
import net from 'node:net';
import { dirname } from 'node:path';
import type { Finding } from './finding.ts';
import { fine, graded } from './finding.ts';

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export function nodeFinding(version: string): Finding {
  const enough = Number(version.replace(/^v(\d+).*/, '$1')) >= 24;
  const why = 'runs TypeScript as it is';
  return enough
    ? fine('node', version, why)
    : {
        name: 'node',
        ok: 'fail',
        found: version,
        why,
        fix: 'start Healproof by ./healproof, which gets Node 24',
      };
}

async function deviceFinding(path: string, why: string, module: string): Promise<Finding> {
  const there = await isThere(path);
  return {
    name: path,
    ok: there ? 'ok' : 'fail',
    found: there ? 'there' : 'missing',
    why,
    fix: there ? '' : `modprobe ${module}; in a container, pass it in: --device ${path}`,
  };
}

export interface KvmSigns {
  readonly device: boolean;
  /** Loaded or built in, as in /sys/module. */
  readonly modules: readonly string[];
}

/** What can be said without booting a guest; a run boots one, and takes KVM only if that works. Never a reason to stop. */
export function kvmFinding({ device, modules }: KvmSigns): Finding {
  const why = "makes the routers' guests quicker; without it QEMU emulates (TCG), which is enough";
  if (!device) return fine('/dev/kvm', 'missing', why);
  if (modules.includes('kvm_pvm') && !modules.some((name) => name === 'kvm_intel' || name === 'kvm_amd'))
    return fine('/dev/kvm', 'there, but it is PVM, which can boot no stock kernel', why);
  return fine('/dev/kvm', 'there; a run tries whether it boots the guest', why);
}

async function readKvm(): Promise<KvmSigns> {
  const names = ['kvm_intel', 'kvm_amd', 'kvm_pvm'];
  const there = await Promise.all(names.map((name) => isThere(`/sys/module/${name}`)));
  return { device: await isThere('/dev/kvm'), modules: names.filter((_, n) => there[n] === true) };
}

function overlayFinding(filesystems: string): Finding {
  const why = "the engine's images and containers";
  return /\boverlay$/m.test(filesystems)
    ? fine('overlayfs', 'in the kernel', why)
    : { name: 'overlayfs', ok: 'warn', found: 'not loaded', why, fix: 'modprobe overlay' };
}

/** `value` is bridge-nf-call-iptables: `0`, `1`, or empty when br_netfilter is not there. */
export function bridgeFilterFinding(value: string): Finding {
  const why = "frames between machines on one lab network may have to pass the host's iptables";
  if (value.trim() !== '1') return fine('br_netfilter', 'off: frames inside a bridge are not filtered', why);
  return fine(
    'br_netfilter',
    'on: frames inside a bridge pass the chain FORWARD, where the engine lets them through',
    why,
  );
}

const GIB = 2 ** 30;

export function memoryFinding(meminfo: string): Finding {
  const free = (Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0) * 1024) / GIB;
  const ok = graded(free, { good: 2, enough: 1 });
  return {
    name: 'memory',
    ok,
    found: `${free.toFixed(1)} GiB available`,
    why: 'a lab takes up to 1.5 GiB',
    fix: ok === 'ok' ? '' : 'end something that takes memory',
  };
}

/** The nearest folder that exists: what is made there later lies on the same file system. */
async function nearest(path: string): Promise<string> {
  let at = path;
  while (!(await isThere(at)) && at !== '/') at = dirname(at);
  return at;
}

export async function diskFinding(path: string): Promise<Finding> {
  const disk = await statfs(await nearest(path));
  const free = (disk.bavail * disk.bsize) / GIB;
  const ok = graded(free, { good: 6, enough: 2 });
  return {
    name: 'disk',
    ok,
    found: `${free.toFixed(1)} GiB free under ${path}`,
    why: 'images take 2 GiB, building them 2 more, bricks of a lab half',
    fix: ok === 'ok' ? '' : 'free some, or take old images away: ./healproof prune --images',
  };
}

/** Machines are reached over ports of 127.0.0.1. */
async function portFinding(): Promise<Finding> {
  const why = "the harness's own way into a lab";
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error) =>
      resolve({
        name: 'ports',
        ok: 'fail',
        found: error.message,
        why,
        fix: 'bring the loopback up: ip link set lo up',
      }),
    );
    server.listen(0, '127.0.0.1', () =>
      server.close(() => resolve(fine('ports', 'can listen on 127.0.0.1', why))),
    );
  });
}

export async function machineFindings(dataRoot: string): Promise<readonly Finding[]> {
  return [
    overlayFinding(await read('/proc/filesystems')),
    await deviceFinding('/dev/fuse', 'nodes mount the volume by FUSE', 'fuse'),
    await deviceFinding('/dev/net/tun', "routers' network cards", 'tun'),
    kvmFinding(await readKvm()),
    bridgeFilterFinding(await read('/proc/sys/net/bridge/bridge-nf-call-iptables')),
    memoryFinding(await read('/proc/meminfo')),
    await diskFinding(dataRoot),
    await portFinding(),
  ];
}
