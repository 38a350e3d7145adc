/** The customers' files as a reader of a mount gets them, against the sums taken when they were written. */
import type { Shell, VolumeSnapshot } from '../../harness/index.ts';
import { why } from './sections.ts';
import { excerpt, notSeen } from './seen.ts';

const LIMIT_SECONDS = 45;

interface Wanted {
  readonly volume: string;
  readonly customerManifest?: Readonly<Record<string, string>>;
  readonly mount?: string;
  readonly signal?: AbortSignal;
}

type Customers = VolumeSnapshot['customerFiles'];

/** Through the first node that can tell. A node without the volume mounted can't; a file that can't be read there is a finding. */
export async function customerFiles(shells: readonly Shell[], wanted: Wanted): Promise<Customers> {
  const { customerManifest: manifest } = wanted;
  if (manifest === undefined) return notSeen('no checksums of customer files were given');
  const reasons: string[] = [];
  for (const shell of shells) {
    const found = await through(shell, manifest, wanted);
    if (found.seen) return found;
    reasons.push(`${shell.node}: ${found.because}`);
  }
  return notSeen(reasons.join('; ') || 'no node was asked');
}

async function through(
  shell: Shell,
  manifest: Readonly<Record<string, string>>,
  { volume, mount = `/mnt/pve/${volume}`, signal }: Wanted,
): Promise<Customers> {
  const files = Object.keys(manifest);
  const odd = files.find((file) => /[\n\\]/.test(file));
  if (odd !== undefined) throw new Error(`a customer file named ${JSON.stringify(odd)} can't be checked`);
  const sums = files.map((file) => `${manifest[file]}  ${file}`).join('\n');
  const line = `mountpoint -q '${mount}' || { echo 'not mounted' >&2; exit 90; }
cd '${mount}/customers' || exit 91
LC_ALL=C timeout -k 2 ${LIMIT_SECONDS} sha256sum -c - <<'MANIFEST'
${sums}
MANIFEST`;
  const outcome = await shell.run(line, {
    limitMs: (LIMIT_SECONDS + 5) * 1000,
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.kind !== 'exited') return notSeen(why(outcome));
  if (outcome.exitCode > 1) {
    return notSeen(`the check exited with ${outcome.exitCode} and said ${excerpt(outcome.stderr)}`);
  }
  return judge(outcome.stdout, files);
}

/** `name: OK`, `name: FAILED`, `name: FAILED open or read`; a file without a line was not read. */
export function judge(text: string, files: readonly string[]): Customers {
  const verdicts = new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.lastIndexOf(': ');
        return [line.slice(0, at), line.slice(at + 2)] as const;
      }),
  );
  const damaged = files.filter((file) => verdicts.get(file) === 'FAILED');
  const intact = files.filter((file) => verdicts.get(file) === 'OK').length;
  const unreadable = files.filter((file) => verdicts.get(file) !== 'OK' && verdicts.get(file) !== 'FAILED');
  return { seen: true, intact, damaged, unreadable };
}
