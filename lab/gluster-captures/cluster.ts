/** Three containers with glusterd and one client, made for capturing and removed afterwards. Everything is named hpcap-*. */
import { spawnSync } from 'node:child_process';

export type Node = 'cap1' | 'cap2' | 'cap3';
export const NODES: readonly Node[] = ['cap1', 'cap2', 'cap3'];
/** Mounts the volumes; holds no brick. */
const CLIENT = 'capc';
const NETWORK = 'hpcap-net';
const SUBNET = '198.18.240.0/24';
const DEADLINE_MS = 120_000;

export const container = (machine: string): string => `hpcap-${machine}`;

function docker(words: readonly string[], input?: string): { code: number; out: string; err: string } {
  const done = spawnSync('docker', words, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: DEADLINE_MS,
    ...(input === undefined ? {} : { input }),
  });
  return { code: done.status ?? -1, out: done.stdout, err: done.stderr };
}

export function must(words: readonly string[], input?: string): string {
  const done = docker(words, input);
  if (done.code !== 0)
    throw new Error(
      `docker ${words.slice(0, 4).join(' ')} … ended with ${done.code}: ${done.err}${done.out}`,
    );
  return done.out;
}

/** Runs a line on a node, with something on its standard input where given; throws when it fails. */
export const on = (machine: Node, line: string, input?: string): string =>
  must(['exec', '-i', container(machine), 'sh', '-c', line], input ?? '');
/** The same on the client, answering how it ended. */
export const tryClient = (line: string): { code: number; out: string; err: string } =>
  docker(['exec', container(CLIENT), 'sh', '-c', line]);
export const client = (line: string): string => must(['exec', container(CLIENT), 'sh', '-c', line]);
export const clientRuns = (line: string, input: string): string =>
  must(['exec', '-i', container(CLIENT), 'sh', '-c', line], input);
export const gluster = (line: string): string => on('cap1', `gluster --mode=script ${line}`);
export const tryGluster = (line: string): string => {
  const { out, err } = docker(['exec', container('cap1'), 'gluster', '--mode=script', ...line.split(' ')]);
  return out + err;
};

/** Polls inside the container until the line succeeds. */
export function until(machine: Node, line: string, what: string): void {
  const done = docker([
    'exec',
    container(machine),
    'sh',
    '-c',
    `n=0; until ${line}; do n=$((n + 1)); [ $n -lt 300 ] || exit 1; sleep 0.2; done >/dev/null 2>&1`,
  ]);
  if (done.code !== 0) throw new Error(`waited 60 s on ${machine} until ${what}: ${line}`);
}

export function pause(seconds: number): void {
  client(`sleep ${seconds}`);
}

/** `version`: what glusterd calls itself, such as `10.3`. */
export function openCluster(image: string): Disposable & { readonly version: string } {
  const remove = (): void => {
    for (const machine of [...NODES, CLIENT]) docker(['rm', '-f', '-v', container(machine)]);
    for (const node of NODES) docker(['volume', 'rm', '-f', `${container(node)}-bricks`]);
    docker(['network', 'rm', NETWORK]);
  };
  remove();
  must(['network', 'create', '--subnet', SUBNET, NETWORK]);
  for (const machine of [...NODES, CLIENT]) {
    const volume = machine === CLIENT ? [] : ['-v', `${container(machine)}-bricks:/bricks`];
    must([
      'run',
      '-d',
      '--name',
      container(machine),
      '--hostname',
      machine,
      '--network',
      NETWORK,
      '--network-alias',
      machine,
      '--cap-add',
      'SYS_ADMIN',
      '--cap-add',
      'DAC_READ_SEARCH',
      '--cap-add',
      'SYS_PTRACE',
      '--device',
      '/dev/fuse',
      '--security-opt',
      'seccomp=unconfined',
      '--security-opt',
      'apparmor=unconfined',
      ...volume,
      '--init',
      '--entrypoint',
      'sleep',
      image,
      'infinity',
    ]);
  }
  for (const node of NODES)
    on(
      node,
      'rm -rf /var/lib/glusterd/peers /var/lib/glusterd/vols; mkdir -p /var/log/glusterfs /var/run/gluster; glusterd',
    );
  for (const node of NODES) until(node, 'gluster --mode=script pool list', 'glusterd answers');
  for (const node of NODES.slice(1)) gluster(`peer probe ${node}`);
  until('cap1', '[ $(gluster pool list | grep -c Connected) = 3 ]', 'all peers are connected');
  const version = /glusterfs (\S+)/.exec(on('cap1', 'glusterd --version'))?.[1] ?? 'unknown';
  return { version, [Symbol.dispose]: remove };
}
