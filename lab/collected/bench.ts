/**
 * Measures how long collected bricks take to be judged, and in how much memory: `node lab/collected/bench.ts [FILES]`.
 * Three bricks, one list in reverse order, one file in a hundred accused, with find.tsv; by default a million files each.
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectCollected } from './inspect.ts';

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

/** Milliseconds and peak resident memory of this process in MB. */
export function benchCollected(files: number): {
  readonly ms: number;
  readonly peakMB: number;
  readonly judged: number;
} {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-bench-'));
  try {
    const bricks = ['pve1', 'pve2', 'pve3'].map((name) => ({ name, where: join(folder, name) }));
    for (const [i, { where }] of bricks.entries()) makeBrick(where, i, files);
    const began = performance.now();
    let judged = 0;
    inspectCollected({ bricks }, () => (judged += 1));
    return {
      ms: Math.round(performance.now() - began),
      peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
      judged,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { ms, peakMB, judged } = benchCollected(Number(process.argv[2] ?? 1_000_000));
  process.stdout.write(
    `${judged} files on three bricks: ${(ms / 1000).toFixed(1)} s, ${peakMB} MB at most\n`,
  );
}
