/** One volume of the cluster, its files and what is done to its bricks. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { collectedFolder, collectLines } from '../collected/index.ts';
import {
  client,
  container,
  gluster,
  must,
  NODES,
  on,
  pause,
  tryClient,
  until,
  type Node,
} from './cluster.ts';
import { LAYOUTS, type Brick, type Layout } from './layouts.ts';
import { Ledger } from './ledger.ts';

/** Blocks of an image of 12 MiB: the base file and two shards of 1024 blocks each. */
const IMAGE_BLOCKS = 3072;

/** One volume with healing off, so that states stay as they are made. */
export class Volume {
  readonly name: string;
  /** In the order of `volume info`. */
  readonly bricks: readonly Brick[];
  readonly nodes: readonly Node[];
  /** What was acknowledged. */
  readonly ledger: Ledger;

  constructor(name: string, layout: Layout, options: readonly string[] = []) {
    this.name = name;
    const { kind, sets } = LAYOUTS[layout];
    this.bricks = sets.flatMap((names, set) =>
      names.map((brick, i) => ({
        name: brick,
        node: brick.slice(0, 4) as Node,
        path: `/bricks/${name}${brick.slice(4)}`,
        set,
        data: layout !== 'replica-2-arbiter' || i < 2,
      })),
    );
    this.nodes = NODES.filter((node) => this.bricks.some((b) => b.node === node));
    gluster(`volume create ${name} ${kind} ${this.bricks.map((b) => `${b.node}:${b.path}`).join(' ')} force`);
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
    for (const brick of this.bricks) this.#untilUp(brick);
    client(
      `mkdir -p ${this.mount}; n=0; until mount -t glusterfs -o attribute-timeout=0,entry-timeout=0 cap1:/${name} ${this.mount}; do n=$((n+1)); [ $n -lt 20 ] || exit 1; sleep 0.5; done`,
    );
    this.#untilConnected(this.bricks.length);
    this.ledger = new Ledger(this.mount);
  }

  /** Where the first brick of each node lies. */
  get brick(): string {
    return `/bricks/${this.name}`;
  }
  get mount(): string {
    return `/mnt/${this.name}`;
  }

  #brick(name: Brick['name']): Brick {
    const brick = this.bricks.find((b) => b.name === name);
    if (brick === undefined) throw new Error(`${this.name} has no brick ${name}`);
    return brick;
  }
  #untilUp({ node, path }: Brick): void {
    until(node, `pgrep -f '[g]lusterfsd .*brick-name ${path} '`, `the brick of ${this.name} runs`);
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
  down(name: Brick['name']): void {
    const { node, path } = this.#brick(name);
    on(node, `kill -9 $(pgrep -f '[g]lusterfsd .*brick-name ${path} ')`);
    pause(0.5);
  }
  /** Starts whatever brick is not running. */
  up(): void {
    gluster(`volume start ${this.name} force`);
    for (const brick of this.bricks) this.#untilUp(brick);
    if (tryClient(`[ -d ${this.mount}/.meta ]`).code === 0) this.#untilConnected(this.bricks.length);
  }

  /** Makes a 12 MiB image: the base file and two shards, each block a record. */
  image(file: string): void {
    this.ledger.fill(file, IMAGE_BLOCKS);
    this.settle();
    const gfids = this.bricks.map(({ node, path }) =>
      on(
        node,
        `getfattr -n trusted.gfid -e hex ${path}/${file} 2>/dev/null | sed -n 's/.*=0x//p'; true`,
      ).trim(),
    );
    const [gfid = ''] = gfids.filter((one) => one !== '');
    this.ledger.knows(file, gfid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
  }
  /** Long enough for the delayed post-op: accusations land only after the lock is let go. */
  settle(): void {
    pause(4);
  }
  /** Runs the lines that an operator runs, and brings the folders out, each named after its brick. */
  collect(node: Node, into: string): void {
    const lines = collectLines(this.name);
    must(['exec', '-i', container(node), 'sh', '-c', 'rm -rf /var/tmp/healproof-*; sh -s'], lines);
    mkdirSync(into, { recursive: true });
    const own = this.bricks.filter((b) => b.node === node);
    for (const [at, { name }] of own.entries()) {
      rmSync(join(into, name), { recursive: true, force: true });
      must([
        'cp',
        `${container(node)}:${collectedFolder(node, this.name, String(at + 1))}`,
        join(into, name),
      ]);
    }
  }
  close(): void {
    client(`umount -l ${this.mount} 2>/dev/null; true`);
    gluster(`volume stop ${this.name} force`);
  }
}
