/** Every write that was acknowledged, by number, and what became of it: on each brick and through a mount of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { client, clientRuns, on, tryClient, type Node } from './cluster.ts';
import type { Brick } from './layouts.ts';

const TOOL = '/tmp/records.py';
const LOG = '/tmp/acknowledged';
const PYTHON = `python3 ${TOOL}`;
/** What one record takes; `records.py` has the same numbers. */
const SHARD_BLOCKS = 1024;

type Kind = 'block' | 'line' | 'mode' | 'gone' | 'directory';

/** What has to be found wherever the file is. Only the last record of a place can be. */
interface Wanted {
  readonly number: number;
  readonly kind: Kind;
  readonly file: string;
  readonly block?: number;
  readonly mode?: string;
}
type Answer = 'kept' | 'lost' | 'absent' | 'unreadable';

/** By path on the bricks, so that shards are told apart: ranges of numbers such as `1-1024 3073`. */
export interface Fate {
  readonly lost: Readonly<Record<string, string>>;
  readonly unreadable: Readonly<Record<string, string>>;
}
export interface Found {
  readonly mount: Fate;
  /** Those whose bricks hold data. */
  readonly bricks: Readonly<Record<string, Fate>>;
}

const tool = (): string => readFileSync(join(import.meta.dirname, 'records.py'), 'utf8');

export class Ledger {
  readonly #mount: string;
  readonly #wanted = new Map<string, Wanted>();
  readonly #gfids = new Map<string, string>();
  readonly #words: string[] = [];
  #next = 1;

  constructor(mount: string) {
    this.#mount = mount;
    clientRuns(`cat > ${TOOL} && rm -f ${LOG}`, tool());
  }

  /** How many were acknowledged, those that later ones replaced among them. */
  get count(): number {
    return this.#next - 1;
  }
  /** What they were, in words. */
  get says(): readonly string[] {
    return this.#words;
  }

  /** An image in which every block is a record. */
  fill(file: string, blocks: number): void {
    const first = this.#next;
    client(`${PYTHON} fill ${LOG} ${this.#mount}/${file} ${first} ${blocks}`);
    this.#takeLog(file, `blocks 0 to ${blocks - 1} of /${file}`);
  }

  block(file: string, block: number): void {
    client(`${PYTHON} write ${LOG} ${this.#mount}/${file} ${this.#next} ${block}`);
    this.#takeLog(file, `block ${block} of /${file}`);
  }

  /** Goes on until `stop`: every 16th block, round and round. */
  startLoop(file: string, blocks: number): void {
    client(
      `${PYTHON} loop ${LOG} ${this.#mount}/${file} ${this.#next} 16 ${blocks} >/dev/null 2>&1 & echo $! > /tmp/writer`,
    );
  }
  /** One open file, block by block: the lock is held all the time, so no accusation lands. */
  startSlow(file: string, first: number, blocks: number): void {
    const all = Array.from({ length: blocks }, (_, at) => first + at).join(' ');
    client(
      `${PYTHON} sync ${LOG} ${this.#mount}/${file} ${this.#next} ${all} >/dev/null 2>&1 & echo $! > /tmp/writer`,
    );
  }
  /** Also of a writer that ended with its mount. */
  stop(file: string): void {
    tryClient('kill -9 $(cat /tmp/writer); sleep 0.3; true');
    this.#takeLog(file, `blocks of /${file}, by a writer that went on`);
  }

  /** A line at the end of a small file, which is made when it is not there. */
  line(file: string): void {
    const number = this.#take(`a line in /${file}`);
    client(
      `f=${this.#mount}/${file}; echo 'record ${number}' >> $f && python3 -c 'import os,sys; os.fsync(os.open(sys.argv[1], os.O_RDONLY))' $f`,
    );
    this.#want(`${file} line ${number}`, { number, kind: 'line', file });
  }
  directory(file: string): void {
    const number = this.#take(`the directory /${file}`);
    client(`mkdir ${this.#mount}/${file}`);
    this.#want(`${file} is`, { number, kind: 'directory', file });
  }
  mode(file: string, mode: string): void {
    const number = this.#take(`mode ${mode} of /${file}`);
    client(`chmod ${mode} ${this.#mount}/${file}`);
    this.#want(`${file} mode`, { number, kind: 'mode', file, mode });
  }
  remove(file: string): void {
    const number = this.#take(`/${file} removed`);
    client(`rm ${this.#mount}/${file}`);
    for (const [place, one] of this.#wanted) if (one.file === file) this.#wanted.delete(place);
    this.#want(`${file} is`, { number, kind: 'gone', file });
  }
  /** What was written to it goes with it. */
  rename(from: string, to: string): void {
    const number = this.#take(`/${from} renamed to /${to}`);
    client(`mv ${this.#mount}/${from} ${this.#mount}/${to}`);
    for (const [place, one] of this.#wanted) if (one.file === from) this.#want(place, { ...one, file: to });
    this.#want(`${from} is`, { number, kind: 'gone', file: from });
  }

  /** Shards are named after the gfid of their image. */
  knows(file: string, gfid: string): void {
    this.#gfids.set(file, gfid);
  }

  /** Looks for every record on the disks of the bricks, whether their processes run or not, and as an application reads. */
  find(volume: string, bricks: readonly Brick[]): Found {
    const disks = Object.fromEntries(
      bricks.filter((b) => b.data).map((b) => [b.name, this.#onDisk(b.node, b.path)]),
    );
    const sets = new Map<string, number>(bricks.map((b) => [b.name, b.set]));
    const inSet = (set: number | undefined, at: number): boolean =>
      Object.entries(disks).some(([name, answers]) => sets.get(name) === set && answers[at] !== 'absent');
    const elsewhere = (name: string, at: number): boolean =>
      !inSet(sets.get(name), at) && bricks.some((b) => b.set !== sets.get(name) && inSet(b.set, at));
    return {
      mount: this.#fate(this.#throughMount(volume)),
      bricks: Object.fromEntries(
        Object.entries(disks).map(([name, answers]) => [
          name,
          this.#fate(answers.map((one, at) => (elsewhere(name, at) ? 'kept' : one))),
        ]),
      ),
    };
  }

  /** The writer's own mount has what it wrote in its page cache. */
  #throughMount(volume: string): readonly Answer[] {
    const mount = `${this.#mount}-reader`;
    client(`mkdir -p ${mount} && mount -t glusterfs -o direct-io-mode=enable cap1:/${volume} ${mount}`);
    try {
      return answers(clientRuns(`${PYTHON} held ${mount}`, JSON.stringify(this.#list())));
    } finally {
      client(`umount -l ${mount}`);
    }
  }

  #onDisk(node: Node, path: string): readonly Answer[] {
    on(node, `cat > ${TOOL}`, tool());
    const wanted = this.#list().map((one) => ({ ...one, gfid: this.#gfids.get(one.file) ?? null }));
    return answers(on(node, `${PYTHON} held ${path}`, JSON.stringify(wanted)));
  }

  #list(): readonly Wanted[] {
    return [...this.#wanted.values()].toSorted((a, b) => a.number - b.number);
  }

  #fate(found: readonly Answer[]): Fate {
    const wanted = this.#list();
    const which = (answer: readonly Answer[]): Record<string, string> => {
      const hit = wanted.filter((_, at) => answer.includes(found[at] ?? 'absent'));
      const byPath = Map.groupBy(hit, (one) => this.#pathOf(one));
      return Object.fromEntries([...byPath].map(([path, some]) => [path, ranges(some.map((o) => o.number))]));
    };
    return { lost: which(['lost', 'absent']), unreadable: which(['unreadable']) };
  }

  #pathOf({ file, block = 0 }: Wanted): string {
    const shard = Math.floor(block / SHARD_BLOCKS);
    return shard === 0 ? `/${file}` : `/.shard/${this.#gfids.get(file) ?? ''}.${shard}`;
  }

  #take(words: string): number {
    this.#words.push(`${this.#next}: ${words}`);
    return this.#next++;
  }
  #want(place: string, wanted: Wanted): void {
    this.#wanted.set(place, wanted);
  }

  /** What the tool wrote down is what was acknowledged, and nothing else is. */
  #takeLog(file: string, words: string): void {
    const first = this.#next;
    for (const line of client(`cat ${LOG}; rm ${LOG}`).trim().split('\n')) {
      const [number = 0, block = 0] = line.split(' ').map(Number);
      this.#want(`${file} block ${block}`, { number, kind: 'block', file, block });
      this.#next = Math.max(this.#next, number + 1);
    }
    this.#words.push(`${first}-${this.#next - 1}: ${words}`);
  }
}

const answers = (text: string): readonly Answer[] => JSON.parse(text) as Answer[];

/** `first-last first-last`, of ascending numbers. */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const n of numbers) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] + 1 === n) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(' ');
}
