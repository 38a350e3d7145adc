/** The states of a real cluster that capture-golden.ts brings about, and how it works on the machines of such a cluster. */
import { spawnSync } from 'node:child_process';

export const NODES = ['pve1', 'pve2', 'pve3'] as const;
export type Node = (typeof NODES)[number];
export const VOLUME = 'vmstore';
export const BRICK = '/bricks/vmstore/brick';
export const IMAGE_FILE = `/mnt/pve/${VOLUME}/images/101/vm-101-disk-0.raw`;

export interface State {
  readonly replicas: 2 | 3;
  readonly says: string;
  readonly reach: () => void;
}

export const machine = (node: Node): string => `hpgate-golden-${node}`;

export function docker(...words: readonly string[]): string {
  const done = spawnSync('docker', words, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 180_000 });
  if (done.status !== 0)
    throw new Error(
      `docker ${words.slice(0, 4).join(' ')} … ended with ${done.status}: ${done.stderr}${done.stdout}`,
    );
  return done.stdout;
}

export const on = (node: Node, line: string): string => docker('exec', machine(node), 'sh', '-c', line);

/** Polls inside the container, so that no time is lost on round trips. */
export function until(node: Node, line: string, what: string): void {
  const loop = `n=0; until ${line} >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.2; done`;
  try {
    on(node, loop);
  } catch (error) {
    throw new Error(`waited 40 s on ${node} until ${what}`, { cause: error });
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

export const STATES: Readonly<Record<string, State>> = {
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
  'healer-stopped': {
    replicas: 3,
    says: 'the self-heal daemon of pve2 stopped by a signal: every table shows it as online',
    reach: () => void on('pve2', "kill -STOP $(pgrep -f '[p]rocess-name glustershd')"),
  },
  'brick-stopped': {
    replicas: 3,
    says: 'the brick of pve2 stopped by a signal: every table shows it as online',
    reach: () => void on('pve2', 'pkill -STOP glusterfsd'),
  },
  'new-connections-refused': {
    replicas: 3,
    says: 'a firewall on pve3 refuses new connections to its brick, those that stand live on',
    reach: () => {
      const rules = `table inet gate { chain input { type filter hook input priority 0; policy accept; ct state established accept; tcp dport 49152-60999 ct state new reject with tcp reset; }; }`;
      on('pve3', `printf '%s' '${rules}' | nft -f -`);
    },
  },
  'bytes-differ': {
    replicas: 3,
    says: 'a shard on the brick of pve3 holds other bytes, with all attributes as they were',
    reach: () => scribble('pve3'),
  },
  'file-system-away': {
    replicas: 3,
    says: 'the brick of pve2 killed and its file system unmounted: an empty folder is left',
    reach: () => {
      killBrick('pve2');
      on('pve2', `umount -l /bricks/vmstore`);
    },
  },
  'records-differ': {
    replicas: 3,
    says: 'the checksum in the record of pve3 is another one',
    reach: () => void on('pve3', `sed -i 's/^info=.*/info=1/' /var/lib/glusterd/vols/${VOLUME}/cksum`),
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

/** Bytes that change on one brick behind everybody's back: no attribute tells. */
const scribble = (node: Node): void => {
  on(
    node,
    `f=$(find ${BRICK}/.shard -name '*.2' | head -n 1) && t=$(stat -c %y "$f") && printf scribbled | dd of="$f" bs=1 seek=4096 conv=notrunc 2>/dev/null && touch -d "$t" "$f"`,
  );
};
