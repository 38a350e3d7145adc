/** Journal records on a router's disk, found by `journal-scan` on the node that holds the brick or the mount. */
import { z } from 'zod';
import { gfid, pathOfBrick } from '../../harness/index.ts';
import type { BrickId, DiskScan, ExecOutcome, FileOnBrick, Range, Shell } from '../../harness/index.ts';
import { why } from './sections.ts';
import { excerpt, notSeen } from './seen.ts';

const SCANNER = '/usr/lib/healproof/journal-scan';
/** An open on a mount hangs for up to twice ping-timeout (20 s, measured 33 s) when a brick is stuck. */
const LIMIT_SECONDS = 45;

const REPORT = z.object({
  ranges: z.array(z.tuple([z.number(), z.number()])),
  bad: z.number(),
  torn: z.number(),
  error: z.object({ name: z.string(), atBytes: z.number() }).optional(),
});

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The disk as a reader of the node's mount gets it. */
export const scanMount = (shell: Shell, path: string, signal: AbortSignal | undefined): Promise<DiskScan> =>
  scan(shell, `--linear ${quote(path)}`, signal);

/** One brick's copy: the base file, and its shards when the volume shards. */
export async function scanBrick(
  shell: Shell,
  brick: BrickId,
  base: FileOnBrick,
  signal: AbortSignal | undefined,
): Promise<DiskScan> {
  const root = pathOfBrick(brick);
  const blockSize = base.xattrs['trusted.glusterfs.shard.block-size'];
  if (blockSize === undefined) return scan(shell, quote(root + base.path), signal);
  const id = gfid(base.xattrs['trusted.gfid'] ?? '');
  const bytes = Number.parseInt(blockSize, 16);
  if (id === undefined || !(bytes > 0))
    return notSeen(`${base.path} on ${brick} has no gfid or no shard size`);
  const shards = `--shards ${quote(`${root}/.shard`)} --gfid ${id} --block-size ${bytes}`;
  return scan(shell, `${quote(root + base.path)} ${shards}`, signal);
}

async function scan(shell: Shell, arguments_: string, signal: AbortSignal | undefined): Promise<DiskScan> {
  const outcome = await shell.run(`timeout -k 2 ${LIMIT_SECONDS} ${SCANNER} ${arguments_}`, {
    limitMs: (LIMIT_SECONDS + 5) * 1000,
    ...(signal === undefined ? {} : { signal }),
  });
  return parseScan(outcome);
}

/** Exit code 1 with a report means that reading stopped half-way, and the report says where. */
export function parseScan(outcome: ExecOutcome): DiskScan {
  if (outcome.kind !== 'exited') return notSeen(why(outcome));
  if (outcome.exitCode === 124 || outcome.exitCode === 137) {
    return notSeen(`reading the disk did not end within ${LIMIT_SECONDS} s`);
  }
  const report = parseReport(outcome.stdout);
  if (report === undefined) {
    return notSeen(
      `journal-scan exited with ${outcome.exitCode} and said ${excerpt(outcome.stderr || outcome.stdout)}`,
    );
  }
  const { bad, torn, error } = report;
  const ranges: readonly Range[] = report.ranges;
  if (error === undefined) return { seen: true, ranges, bad, torn };
  return { seen: true, ranges, bad, torn, error: { errno: error.name, atBytes: error.atBytes } };
}

function parseReport(text: string): z.infer<typeof REPORT> | undefined {
  try {
    return REPORT.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
