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
import { COMMANDS } from './commands.ts';
import type { Command } from './commands.ts';
import { sectionLine, splitSections } from './sections.ts';

const NODES = ['pve1', 'pve2', 'pve3'] as const;
type Node = (typeof NODES)[number];
const NETWORK = 'hpgate-golden-net';
const NONCE = 'NONCE';
const VOLUME = 'vmstore';
const BRICK = '/bricks/vmstore/brick';
const IMAGE_FILE = `/mnt/pve/${VOLUME}/images/101/vm-101-disk-0.raw`;

interface State {
  readonly replicas: 2 | 3;
  readonly says: string;
  readonly reach: () => void;
}

const machine = (node: Node): string => `hpgate-golden-${node}`;

function docker(...words: readonly string[]): string {
  const done = spawnSync('docker', words, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 180_000 });
  if (done.status !== 0)
    throw new Error(
      `docker ${words.slice(0, 4).join(' ')} … ended with ${done.status}: ${done.stderr}${done.stdout}`,
    );
  return done.stdout;
}

const on = (node: Node, line: string): string => docker('exec', machine(node), 'sh', '-c', line);

/** Polls inside the container, so that no time is lost on round trips. */
function until(node: Node, line: string, what: string): void {
  const loop = `n=0; until ${line} >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.2; done`;
  try {
    on(node, loop);
  } catch (error) {
    throw new Error(`waited 40 s on ${node} until ${what}`, { cause: error });
  }
}

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

const writeBlock = (node: Node, block: number): void =>
  void on(
    node,
    `dd if=/dev/urandom of=${IMAGE_FILE} bs=64k count=1 seek=${block} conv=notrunc,fsync 2>/dev/null; sleep 2`,
  );
const killBrick = (node: Node): void => {
  on(node, 'pkill -KILL glusterfsd; sleep 1');
};
const startBricks = (): void => {
  on('pve1', `gluster --mode=script volume start ${VOLUME} force`);
  for (const node of NODES)
    until(
      node,
      `! grep -h '^connected = 0' /mnt/pve/${VOLUME}/.meta/graphs/active/${VOLUME}-client-*/private`,
      'its client has all bricks',
    );
};
const healing = (onOff: 'on' | 'off'): void => {
  on('pve1', `gluster --mode=script volume set ${VOLUME} cluster.self-heal-daemon ${onOff}`);
};

const STATES: Readonly<Record<string, State>> = {
  healthy: { replicas: 3, says: 'all up, nobody writes', reach: () => {} },
  'live-writer': {
    replicas: 3,
    says: 'all up, one writer with an fsync every 20 ms',
    reach: () => {
      const code = `import os,time\nf=os.open("${IMAGE_FILE}",os.O_WRONLY)\nwhile 1:\n os.pwrite(f,os.urandom(4096),5<<20); os.fsync(f); time.sleep(0.02)`;
      docker('exec', '-d', machine('pve1'), 'python3', '-c', code);
      on('pve1', 'sleep 3');
    },
  },
  'brick-down': {
    replicas: 3,
    says: 'brick of pve2 killed, one block written after it',
    reach: () => {
      killBrick('pve2');
      writeBlock('pve1', 80);
    },
  },
  'sole-good-copy': {
    replicas: 3,
    says: 'pve1 and pve2 were down in turn under a writer, healing off, all up again: only pve3 is good',
    reach: () => {
      healing('off');
      for (const node of ['pve1', 'pve2'] as const) {
        killBrick(node);
        writeBlock('pve3', 80);
        startBricks();
      }
    },
  },
  'node-down': {
    replicas: 3,
    says: 'pve3 stopped',
    reach: () => void docker('stop', '-t', '1', machine('pve3')),
  },
  'glusterd-stopped': {
    replicas: 3,
    says: 'glusterd of pve2 stopped with KillMode=process, as upstream ships it: its brick lives on and serves',
    reach: () => {
      const folder = '/run/systemd/system/glusterd.service.d';
      on(
        'pve2',
        `mkdir -p ${folder} && printf '[Service]\\nKillMode=process\\n' > ${folder}/zz-process.conf`,
      );
      on('pve2', 'systemctl daemon-reload && systemctl stop glusterd && pgrep glusterfsd && sleep 2');
    },
  },
  'split-brain': {
    replicas: 2,
    says: 'replica 2, each brick written alone in turn, healing off, all up again',
    reach: () => {
      healing('off');
      for (const node of ['pve1', 'pve2'] as const) {
        killBrick(node);
        writeBlock('pve3', node === 'pve1' ? 80 : 81);
        startBricks();
      }
    },
  },
};

/** What every command prints on every node, as it is; the volume's credentials are never asked for. */
function capture(state: string, version: string): void {
  const root = join(import.meta.dirname, 'golden', version, state);
  rmSync(root, { recursive: true, force: true });
  const [gfid = ''] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(quietGfids()) ?? [];
  for (const node of NODES) {
    const commands = COMMANDS.filter((one) => one.name !== 'files');
    const line = sectionLine(commands, NONCE, { V: VOLUME, IMAGES: 'images/*/*', GFIDS: gfid });
    const done = spawnSync('docker', ['exec', machine(node), 'sh', '-c', line], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    write(join(root, node), commands, done.stdout, done.stderr);
  }
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
