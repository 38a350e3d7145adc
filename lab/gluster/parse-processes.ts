/** Output of the `processes` command: /proc of GlusterFS's processes and `ss -Hatnp`. */
import type { Connection, Endpoint, GlusterProcess, ProcessFacts } from '../../harness/index.ts';
import { parts } from './sections.ts';
import { excerpt } from './seen.ts';

/** sysconf(_SC_CLK_TCK) is 100 on every Linux that runs GlusterFS. */
const CLOCK_TICKS = 100;

export function parseProcesses(nonce: string, text: string): ProcessFacts {
  const found = parts(nonce, text);
  if (found.at(-1)?.name !== 'all') throw new Error('the list of processes was cut off');
  const one = (name: string): string => {
    const part = found.find((candidate) => candidate.name === name);
    if (part === undefined) throw new Error(`the part "${name}" is missing`);
    return part.text;
  };
  const uptime = Number(one('uptime').trim());
  if (!(uptime > 0)) throw new Error(`the uptime is ${excerpt(one('uptime'))}, not a number`);
  const sockets = parseSockets(one('sockets'));
  const list = found
    .filter((part) => part.name.startsWith('process '))
    .map((part) => process(Number(part.name.slice(8)), part.text, uptime, sockets));
  const addresses = words(one('addresses'));
  if (addresses.length === 0) throw new Error('the node showed no address of its own');
  return { list, addresses };
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

function process(pid: number, text: string, uptime: number, sockets: readonly Socket[]): GlusterProcess {
  // Each argument brings the NUL that it ended with.
  const lines = text.replaceAll('\0', '').split('\n');
  const value = (key: string): string =>
    lines.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const stat = value('stat').split(' ');
  // Behind the name: state is field 3 of /proc/PID/stat, the start in clock ticks field 22.
  const started = Number(stat[19]) / CLOCK_TICKS;
  const state = stat[0] ?? '';
  if (!/^[A-Za-z]$/.test(state) || Number.isNaN(started))
    throw new Error(`process ${pid}: ${excerpt(value('stat'))} is no stat line`);
  const line = lines.filter((one) => one.startsWith('arg=')).map((one) => one.slice(4));
  const own = sockets.filter((socket) => socket.pids.includes(pid));
  return {
    pid,
    ...role(line),
    state,
    ageMs: Math.max(0, Math.round((uptime - started) * 1000)),
    replacedOnDisk: value('exe').endsWith(' (deleted)') || Number(value('replaced')) > 0,
    listens: [...new Set(own.filter((one) => one.state === 'LISTEN').map((one) => one.local.port))],
    connections: own
      .filter((one) => one.state === 'ESTAB')
      .map(({ local, peer }): Connection => ({ local, peer })),
  };
}

type Role = Pick<GlusterProcess, 'kind' | 'brickPath' | 'mountPoint' | 'volume'>;

/** By the arguments that glusterd and mount.glusterfs give (glusterd-utils.c, glusterd-svc-mgmt.c, mount.glusterfs.in). */
function role(line: readonly string[]): Role {
  const program = line[0]?.split('/').at(-1) ?? '';
  const option = (name: string): string | undefined => {
    const at = line.indexOf(name);
    return at < 0 ? line.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) : line[at + 1];
  };
  const none = { brickPath: undefined, mountPoint: undefined, volume: undefined };
  const id = option('--volfile-id') ?? '';
  const brickPath = option('--brick-name');
  if (program === 'glusterd') return { ...none, kind: 'glusterd' };
  if (/^(kvm|qemu)/.test(program)) return { ...none, kind: 'guest' };
  if (/^(ganesha|smbd|tcmu-runner)/.test(program)) return { ...none, kind: 'gateway' };
  if (brickPath !== undefined) return { ...none, kind: 'brick', brickPath, volume: id.split('.')[0] ?? '' };
  if (!program.startsWith('gluster')) return { ...none, kind: 'other' };
  const name = option('--process-name');
  if (name === 'glustershd' || id.startsWith('shd/')) return { ...none, kind: 'self-heal' };
  if (name === 'rebalance' || id.startsWith('rebalance/')) {
    return { ...none, kind: 'rebalance', volume: id.split('/').at(-1) };
  }
  if (name === 'fuse') {
    return { ...none, kind: 'mount', mountPoint: line.at(-1), volume: id.replace(/^\//, '') };
  }
  return { ...none, kind: 'other' };
}

interface Socket extends Connection {
  readonly state: string;
  readonly pids: readonly number[];
}

/** Lines of `ss -Hatnp`. A socket without a process (being closed, or another user's) has no pids. */
function parseSockets(text: string): readonly Socket[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [state = '', , , local = '', peer = '', ...rest] = line.trim().split(/\s+/);
      const pids = [...rest.join(' ').matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
      return { state, local: endpoint(local, line), peer: endpoint(peer, line), pids };
    });
}

/** `198.18.0.11:24007`, `[::ffff:198.18.0.11]:24007`, `[fe80::1%eth0]:1`, `*:22`. A port `*` of a listener's other end is 0. */
function endpoint(text: string, line: string): Endpoint {
  const colon = text.lastIndexOf(':');
  const port = text.slice(colon + 1);
  if (colon < 0 || !/^(\d+|\*)$/.test(port))
    throw new Error(`a line of ss that is not understood: ${excerpt(line)}`);
  const address = text
    .slice(0, colon)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
  return { address, port: port === '*' ? 0 : Number(port) };
}
