/**
 * Rewrites golden/<GlusterFS version>/<state>/<node>/ with what a real cluster of three containers answers in each state:
 *
 *   node lab/gluster/capture-golden.ts IMAGE [STATE…]
 *
 * IMAGE is a node image (systemd, glusterd). Everything it makes is named hpgate-golden-*, and removed again. Takes about three
 * minutes for all states. Addresses lie in 198.18.226.0/24.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BRICK, docker, IMAGE_FILE, machine, NODES, on, STATES, until, VOLUME } from './golden-states.ts';
import type { Node } from './golden-states.ts';
import { COMMANDS } from './commands.ts';
import type { Command } from './command.ts';
import { sectionLine, splitSections } from './sections.ts';

const NETWORK = 'hpgate-golden-net';
const NONCE = 'NONCE';

function cleanUp(): void {
  for (const node of NODES) {
    spawnSync('docker', ['rm', '-f', '-v', machine(node)]);
    spawnSync('docker', ['volume', 'rm', '-f', `${machine(node)}-bricks`]);
  }
  spawnSync('docker', ['network', 'rm', NETWORK]);
}

function startNodes(image: string): void {
  docker('network', 'create', '--subnet', '198.18.226.0/24', NETWORK);
  const hosts = NODES.flatMap((node, index) => ['--add-host', `${node}:198.18.226.1${index + 1}`]);
  for (const [index, node] of NODES.entries()) {
    docker(
      'run',
      '-d',
      '--name',
      machine(node),
      '--hostname',
      node,
      '--network',
      NETWORK,
      '--ip',
      `198.18.226.1${index + 1}`,
      ...hosts,
      '-v',
      '/sys/fs/cgroup:/sys/fs/cgroup:ro',
      '--tmpfs',
      '/run',
      '--tmpfs',
      '/tmp',
      '--stop-signal',
      'SIGRTMIN+3',
      ...['SYS_ADMIN', 'NET_ADMIN', 'DAC_READ_SEARCH', 'SYS_PTRACE'].flatMap((one) => ['--cap-add', one]),
      '--device',
      '/dev/fuse',
      '--security-opt',
      'seccomp=unconfined',
      '--security-opt',
      'apparmor=unconfined',
      '-v',
      `${machine(node)}-bricks:/bricks/vmstore`,
      image,
      '/lib/systemd/systemd',
    );
  }
  for (const node of NODES) until(node, 'systemctl start glusterd && gluster pool list', 'glusterd answers');
}

function formVolume(replicas: 2 | 3): void {
  for (const other of NODES.slice(1)) {
    on('pve1', `gluster --mode=script peer probe ${other}`);
  }
  until('pve1', '[ "$(gluster pool list | grep -c Connected)" = 3 ]', 'all peers are connected');
  const bricks = NODES.slice(0, replicas).map((node) => `${node}:${BRICK}`);
  const options = ['features.shard on', 'features.shard-block-size 4MB', 'network.ping-timeout 5'];
  on('pve1', `gluster --mode=script volume create ${VOLUME} replica ${replicas} ${bricks.join(' ')} force`);
  if (replicas === 3) on('pve1', `gluster --mode=script volume set ${VOLUME} group virt`);
  for (const option of options) on('pve1', `gluster --mode=script volume set ${VOLUME} ${option}`);
  on('pve1', `gluster --mode=script volume start ${VOLUME}`);
  for (const node of NODES) {
    until(
      node,
      `mkdir -p /mnt/pve/${VOLUME} && mount -t glusterfs localhost:/${VOLUME} /mnt/pve/${VOLUME}`,
      'the volume is mounted',
    );
  }
  for (const node of NODES)
    on(node, `mkdir -p ${NODES.map((one) => `/etc/pve/nodes/${one}/qemu-server`).join(' ')}`);
  on('pve1', `mkdir -p ${IMAGE_FILE.replace(/\/[^/]*$/, '')} /mnt/pve/${VOLUME}/customers`);
  on('pve1', `dd if=/dev/urandom of=${IMAGE_FILE} bs=1M count=12 conv=fsync 2>/dev/null`);
  on('pve1', `echo hello > /mnt/pve/${VOLUME}/customers/file-1.txt; sync`);
  settle();
}

/** Until no brick lists anything and every client is connected to every brick. */
function settle(): void {
  for (const node of NODES) {
    until(
      node,
      `! grep -h '^connected = 0' /mnt/pve/${VOLUME}/.meta/graphs/active/${VOLUME}-client-*/private`,
      'its client has all bricks',
    );
    until(
      node,
      `! ls ${BRICK}/.glusterfs/indices/xattrop ${BRICK}/.glusterfs/indices/dirty | grep -v -E '^(xattrop|dirty)-|:$' | grep -q .`,
      'its index is empty',
    );
  }
}

/** What every command prints on every node, as it is; the volume's credentials are never asked for. */
function capture(state: string, version: string): void {
  const root = join(import.meta.dirname, 'golden', version, state);
  rmSync(root, { recursive: true, force: true });
  const [gfid = ''] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(quietGfids()) ?? [];
  const ports = NODES.flatMap((node) => brickPort(node).map((port) => `${node}:${port}`)).join(' ');
  for (const node of NODES) {
    const commands = COMMANDS.filter((one) => one.name !== 'files');
    const line = sectionLine(commands, NONCE, {
      V: VOLUME,
      IMAGES: 'images/*/*',
      GFIDS: gfid,
      PORTS: ports,
      COLD: '0',
      FOLDERS: '/mnt/backup',
      VIPS: '198.18.226.11',
    });
    const done = spawnSync('docker', ['exec', machine(node), 'sh', '-c', line], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    write(join(root, node), commands, done.stdout, done.stderr);
  }
}

/** Where the node's brick listens; nothing when it does not run. */
function brickPort(node: Node): readonly string[] {
  const done = spawnSync('docker', ['exec', machine(node), 'ss', '-Hltnp'], { encoding: 'utf8' });
  return [...done.stdout.matchAll(/:(\d+) .*"glusterfsd"/g)].map(([, port = '']) => port);
}

const quietGfids = (): string => {
  const done = spawnSync('docker', ['exec', machine('pve1'), 'ls', `${BRICK}/.glusterfs/indices/xattrop`], {
    encoding: 'utf8',
  });
  return done.stdout
    .split('\n')
    .filter((name) => !name.startsWith('xattrop-'))
    .join('\n');
};

function write(folder: string, commands: readonly Command[], stdout: string, stderr: string): void {
  const sections = splitSections(NONCE, stdout, stderr);
  mkdirSync(folder, { recursive: true });
  const exits: Record<string, { exitCode: number; tookMs: number }> = {};
  for (const { name } of commands) {
    const found = sections.get(name);
    if (found === undefined) continue;
    exits[name] = { exitCode: found.exitCode, tookMs: found.tookMs };
    writeFileSync(join(folder, `${name}.out`), found.stdout);
    if (found.stderr !== '') writeFileSync(join(folder, `${name}.err`), found.stderr);
  }
  writeFileSync(join(folder, 'exits.json'), `${JSON.stringify(exits, undefined, 2)}\n`);
}

function main([image, ...wanted]: readonly string[]): void {
  const names = wanted.length > 0 ? wanted : Object.keys(STATES);
  const unknown = names.find((name) => STATES[name] === undefined);
  if (image === undefined || unknown !== undefined) {
    console.error(
      `usage: node lab/gluster/capture-golden.ts IMAGE [STATE…]; states: ${Object.keys(STATES).join(', ')}`,
    );
    process.exitCode = 64;
    return;
  }
  try {
    for (const name of names) {
      const state = STATES[name];
      if (state === undefined) continue;
      console.log(`${name}: ${state.says}`);
      cleanUp();
      startNodes(image);
      const version = on('pve1', 'gluster --version').split('\n')[0]?.split(' ')[1] ?? 'unknown';
      formVolume(state.replicas);
      state.reach();
      capture(name, version);
    }
  } finally {
    cleanUp();
  }
}

main(process.argv.slice(2));
