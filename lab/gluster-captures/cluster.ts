/** Three containers with glusterd and one client, made for capturing and removed afterwards. Everything is named hpcap-*. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { collectedFolder, collectLines } from '../collected/index.ts';

export type Node = 'cap1' | 'cap2' | 'cap3';
export const NODES: readonly Node[] = ['cap1', 'cap2', 'cap3'];
/** Mounts the volumes; holds no brick. */
const CLIENT = 'capc';
const NETWORK = 'hpcap-net';
const SUBNET = '198.18.240.0/24';
const DEADLINE_MS = 120_000;

const container = (machine: string): string => `hpcap-${machine}`;

function docker(words: readonly string[], input?: string): { code: number; out: string; err: string } {
  const done = spawnSync('docker', words, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: DEADLINE_MS,
    ...(input === undefined ? {} : { input }),
  });
  return { code: done.status ?? -1, out: done.stdout, err: done.stderr };
}

function must(words: readonly string[], input?: string): string {
  const done = docker(words, input);
  if (done.code !== 0)
    throw new Error(
      `docker ${words.slice(0, 4).join(' ')} … ended with ${done.code}: ${done.err}${done.out}`,
    );
  return done.out;
}

/** Runs a line on a node; throws when it fails. */
export const on = (machine: Node, line: string): string =>
  must(['exec', container(machine), 'sh', '-c', line]);
/** The same on the client, answering how it ended. */
export const tryClient = (line: string): { code: number; out: string; err: string } =>
  docker(['exec', container(CLIENT), 'sh', '-c', line]);
export const client = (line: string): string => must(['exec', container(CLIENT), 'sh', '-c', line]);
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

/** One volume with healing off, so that states stay as they are made. */
export class Volume {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** Those whose brick holds data. */
  readonly dataNodes: readonly Node[];

  constructor(
    name: string,
    layout: 'replica-2' | 'replica-3' | 'replica-2-arbiter',
    options: readonly string[] = [],
  ) {
    this.name = name;
    this.nodes = layout === 'replica-2' ? NODES.slice(0, 2) : NODES;
    this.dataNodes = layout === 'replica-3' ? NODES : NODES.slice(0, 2);
    const kind = layout === 'replica-2-arbiter' ? 'replica 2 arbiter 1' : `replica ${this.nodes.length}`;
    gluster(`volume create ${name} ${kind} ${this.nodes.map((n) => `${n}:${this.brick}`).join(' ')} force`);
    const set = [
      'cluster.self-heal-daemon off',
      'cluster.data-self-heal off',
      'cluster.metadata-self-heal off',
      'cluster.entry-self-heal off',
      'features.shard on',
      'features.shard-block-size 4MB',
      'performance.quick-read off',
      'performance.io-cache off',
      'performance.read-ahead off',
      'performance.stat-prefetch off',
      'performance.write-behind off',
      'cluster.choose-local off',
      ...options,
    ];
    for (const option of set) gluster(`volume set ${name} ${option}`);
    gluster(`volume start ${name}`);
    for (const node of this.nodes) this.#untilUp(node);
    client(
      `mkdir -p ${this.mount}; n=0; until mount -t glusterfs -o attribute-timeout=0,entry-timeout=0 cap1:/${name} ${this.mount}; do n=$((n+1)); [ $n -lt 20 ] || exit 1; sleep 0.5; done`,
    );
    this.#untilConnected(this.nodes.length);
  }

  get brick(): string {
    return `/bricks/${this.name}`;
  }
  get mount(): string {
    return `/mnt/${this.name}`;
  }

  #untilUp(node: Node): void {
    until(node, `pgrep -f '[g]lusterfsd .*brick-name ${this.brick} '`, `the brick of ${this.name} runs`);
  }
  #untilConnected(count: number): void {
    const answer = tryClient(
      `n=0; until [ $(cat ${this.mount}/.meta/graphs/active/${this.name}-client-*/private | grep -c '^connected = 1') = ${count} ]; do n=$((n+1)); [ $n -lt 200 ] || exit 1; sleep 0.2; done`,
    );
    if (answer.code !== 0)
      throw new Error(
        `waited 40 s until the client of ${this.name} is connected to ${count} bricks: ${answer.err}`,
      );
  }

  /** Kills one brick process. */
  down(node: Node): void {
    on(node, `kill -9 $(pgrep -f '[g]lusterfsd .*brick-name ${this.brick} ')`);
    pause(0.5);
  }
  /** Starts whatever brick is not running. */
  up(): void {
    gluster(`volume start ${this.name} force`);
    for (const node of this.nodes) this.#untilUp(node);
    if (tryClient(`[ -d ${this.mount}/.meta ]`).code === 0) this.#untilConnected(this.nodes.length);
  }
  /** What `write` got acknowledged last, sha256 by file and block. */
  readonly acknowledged: { readonly file: string; readonly block: number; readonly sha256: string }[] = [];

  /** Writes 64 KiB of random bytes at a block of an image, acknowledged by fsync. */
  write(file: string, block: number): void {
    const sum = client(
      `head -c 65536 /dev/urandom > /tmp/block && dd if=/tmp/block of=${this.mount}/${file} bs=64k seek=${block} count=1 conv=notrunc,fsync status=none && sha256sum < /tmp/block`,
    );
    const before = this.acknowledged.findIndex((one) => one.file === file && one.block === block);
    if (before >= 0) this.acknowledged.splice(before, 1);
    this.acknowledged.push({ file, block, sha256: sum.slice(0, 64) });
  }
  /** Makes a 12 MiB image: the base file and two shards. */
  image(file: string): void {
    client(`dd if=/dev/urandom of=${this.mount}/${file} bs=1M count=12 conv=fsync status=none`);
    this.settle();
  }
  /** Long enough for the delayed post-op: accusations land only after the lock is let go. */
  settle(): void {
    pause(4);
  }
  /** Runs the lines that an operator runs, and brings the folder out. */
  collect(node: Node, into: string, named: string): void {
    const lines = collectLines(this.name);
    must(['exec', '-i', container(node), 'sh', '-c', 'rm -rf /var/tmp/healproof-*; sh -s'], lines);
    mkdirSync(into, { recursive: true });
    rmSync(join(into, named), { recursive: true, force: true });
    must(['cp', `${container(node)}:${collectedFolder(node, this.name, '1')}`, join(into, named)]);
  }
  close(): void {
    client(`umount -l ${this.mount} 2>/dev/null; true`);
    gluster(`volume stop ${this.name} force`);
  }
}
