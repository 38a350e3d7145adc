/**
 * The one thing that writes, kept out of the list of commands that only read: a file of 4 KiB through the mount of one node, made
 * durable, read on all others, and deleted again, whatever happened in between.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { CanaryFacts, NodeName, Seen, Shell } from '../../harness/index.ts';
import { why } from './sections.ts';
import { excerpt, notSeen } from './seen.ts';

const LIMIT_MS = 15_000;
const BYTES = 4096;
const LETTER = 'c';

/** Where the volume is mounted on every node, such as `/mnt/pve/vmstore`; letters, digits, `/`, `.`, `_` and `-` only. */
const MOUNT = /^\/[A-Za-z0-9_./-]+$/;

/** What is run, for people who want to read it first; the name of the file carries a number that nobody else uses. */
export const canaryCommands = (
  mount: string,
  name: string,
): Readonly<Record<'write' | 'read' | 'remove', string>> => {
  const file = `${mount}/${name}`;
  return {
    write: `set -e; findmnt -t fuse.glusterfs ${mount} >/dev/null; b=$(date +%s%3N); head -c ${BYTES} /dev/zero | tr '\\0' ${LETTER} | dd of=${file} bs=${BYTES} iflag=fullblock conv=excl,fsync 2>/dev/null; echo $(($(date +%s%3N) - b))`,
    read: `findmnt -t fuse.glusterfs ${mount} >/dev/null && b=$(date +%s%3N) && sha256sum ${file} && echo $(($(date +%s%3N) - b))`,
    remove: `rm -f ${file} && [ ! -e ${file} ]`,
  };
};

/** Writes on the first shell and reads on the others. Never throws for what the site does. */
export async function flyCanary(
  [writer, ...readers]: readonly Shell[],
  mount: string,
  signal: AbortSignal,
): Promise<Seen<CanaryFacts>> {
  if (!MOUNT.test(mount)) throw new Error(`"${mount}" can't be where the volume is mounted`);
  if (writer === undefined) return notSeen('no node was asked');
  const sum = createHash('sha256').update(LETTER.repeat(BYTES)).digest('hex');
  const { write, read, remove } = canaryCommands(mount, `.healproof-canary-${randomUUID()}`);
  try {
    const written = await numberOf(writer, write, signal);
    if (!written.seen) return notSeen(`writing it on ${writer.node}: ${written.because}`);
    const reads = await Promise.all(readers.map(async (shell) => readOn(shell, read, sum, signal)));
    const blind = reads.find((one) => !one.seen);
    if (blind !== undefined && !blind.seen) return blind;
    const gone = await writer.run(remove, { limitMs: LIMIT_MS, signal });
    return {
      seen: true,
      writtenOn: writer.node,
      writeMs: written.value,
      reads: reads.flatMap((one) => (one.seen ? [one.of] : [])),
      deleted: gone.kind === 'exited' && gone.exitCode === 0,
    };
  } finally {
    // Also when a read failed or the person gave up: nothing of ours may be left on the volume.
    await writer.run(remove, { limitMs: LIMIT_MS });
  }
}

async function readOn(
  shell: Shell,
  line: string,
  sum: string,
  signal: AbortSignal,
): Promise<
  Seen<{ readonly of: { readonly node: NodeName; readonly same: boolean; readonly tookMs: number } }>
> {
  const outcome = await shell.run(line, { limitMs: LIMIT_MS, signal });
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0)
    return notSeen(`reading it on ${shell.node}: ${why(outcome)}`);
  const [, found = '', took = ''] = /^([0-9a-f]{64}) [\s\S]*\n(\d+)\s*$/.exec(outcome.stdout) ?? [];
  if (found === '') return notSeen(`reading it on ${shell.node} said ${excerpt(outcome.stdout)}`);
  return { seen: true, of: { node: shell.node, same: found === sum, tookMs: Number(took) } };
}

async function numberOf(
  shell: Shell,
  line: string,
  signal: AbortSignal,
): Promise<Seen<{ readonly value: number }>> {
  const outcome = await shell.run(line, { limitMs: LIMIT_MS, signal });
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0) return notSeen(why(outcome));
  const value = /^(\d+)\s*$/.exec(outcome.stdout)?.[1];
  return value === undefined
    ? notSeen(`it said ${excerpt(outcome.stdout)}`)
    : { seen: true, value: Number(value) };
}
