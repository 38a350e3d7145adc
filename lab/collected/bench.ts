/**
 * Measures how long collected bricks take to be judged, and in how much memory: `healproof bench --inspect`, or
 * `node lab/collected/bench.ts FILES` for the numbers of one size. Three bricks, one list in reverse order, one file in a hundred
 * accused, with find.tsv.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectCollected, type Given } from './inspect.ts';

const ROOT = '/bricks/vmstore/brick';
const ZERO = '0'.repeat(24);

function makeBrick(where: string, brick: number, files: number): void {
  mkdirSync(where);
  const [dump, find] = [openSync(join(where, 'getfattr.txt'), 'w'), openSync(join(where, 'find.tsv'), 'w')];
  let [text, rows] = [`# file: ${ROOT}\ntrusted.gfid=0x${'1'.padStart(32, '0')}\n\n`, ''];
  for (let n = 0; n < files; n += 1) {
    const file = brick === 1 ? files - 1 - n : n;
    const path = `${ROOT}/customers/dir${Math.floor(file / 1000)}/file${file}.bin`;
    const accused =
      brick !== 1 && file % 100 === 0 ? `trusted.afr.vmstore-client-1=0x00000001${'0'.repeat(16)}\n` : '';
    text += `# file: ${path}\ntrusted.afr.dirty=0x${ZERO}\n${accused}trusted.gfid=0xa${file.toString(16).padStart(31, '0')}\n\n`;
    rows += `${path}\tf\t644\t4096\t1700000000.5\t2\n`;
    if (text.length < 1e6 && n < files - 1) continue;
    writeSync(dump, text);
    writeSync(find, rows);
    [text, rows] = ['', ''];
  }
  closeSync(dump);
  closeSync(find);
}

export interface InspectBench {
  readonly files: number;
  /** By the clock, and of processor time: on a busy machine only the second tells about us. */
  readonly ms: number;
  readonly cpuMs: number;
  /** Most resident memory of the process that judged. */
  readonly peakMB: number;
}

/** Three bricks of so many files in folders of their own, for as long as `use` runs. */
export function withBricks<T>(files: number, use: (bricks: readonly Given[]) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-bench-'));
  try {
    const bricks = ['pve1', 'pve2', 'pve3'].map((name) => ({ name, where: join(folder, name) }));
    for (const [i, { where }] of bricks.entries()) makeBrick(where, i, files);
    return use(bricks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bench = (files: number): InspectBench =>
  withBricks(files, (bricks) => {
    const [began, before] = [performance.now(), process.cpuUsage()];
    let judged = 0;
    inspectCollected({ bricks }, () => (judged += 1));
    const { user, system } = process.cpuUsage(before);
    // The root is judged too.
    if (judged !== files + 1) throw new Error(`bug: ${judged} of ${files + 1} files were judged`);
    return {
      files,
      ms: Math.round(performance.now() - began),
      cpuMs: Math.round((user + system) / 1000),
      peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  });

/** In a process of its own, for the memory of this one says nothing about the judging. */
export const benchCollected = (files: number): InspectBench =>
  JSON.parse(
    execFileSync(process.execPath, [import.meta.filename, String(files)], { encoding: 'utf8' }),
  ) as InspectBench;

if (import.meta.main)
  process.stdout.write(`${JSON.stringify(bench(Number(process.argv[2] ?? 1_000_000)))}\n`);
