/** Which volumes a site has, and what of their options matters to whoever waits for a heal. Raw files only, no glusterd. */
import type { NodeName, Seen, Shell } from '../../harness/index.ts';
import { ask } from './ask.ts';
import type { Command } from './command.ts';
import { PART, parts } from './sections.ts';
import { notSeen, read } from './seen.ts';

export interface FoundVolume {
  readonly name: string;
  readonly started: boolean;
  /** `cluster.heal-timeout`, milliseconds: how often the self-heal daemon crawls at the latest. */
  readonly healTimeoutMs: number;
}

/** GlusterFS's default (xlators/cluster/afr/src/afr.c). */
const HEAL_TIMEOUT_SECONDS = 600;
/** glusterd.h, `GLUSTERD_STATUS_STARTED`. */
const STARTED = '1';

export const VOLUMES: Command = {
  name: 'volumes',
  reads: 'status, heal-timeout and name of every volume, from glusterd’s files',
  why: 'to find the volume when none is named, and to know when a heal counts as stalled',
  lock: 'none',
  limitSeconds: 3,
  sh: `${PART}
for f in /var/lib/glusterd/vols/*/info; do
  [ -f "$f" ] || continue
  d=\${f%/info}
  part "volume \${d##*/}"
  grep -E '^(status|cluster\\.heal-timeout)=' "$f" || exit 1
done
part all`,
};

/** Every volume that some node knows, as the first of them has it. Throws never; a node that did not answer is told. */
export async function volumesOf(
  shells: readonly Shell[],
  signal?: AbortSignal,
): Promise<
  readonly { readonly node: NodeName; readonly volumes: Seen<{ readonly list: readonly FoundVolume[] }> }[]
> {
  return Promise.all(
    shells.map(async (shell) => {
      const asked = await ask(shell, [VOLUMES], { V: '' }, signal);
      return {
        node: shell.node,
        volumes: read(asked.text(VOLUMES), (text) => parseVolumes(asked.nonce, text)),
      };
    }),
  );
}

export function parseVolumes(nonce: string, text: string): { readonly list: readonly FoundVolume[] } {
  const found = parts(nonce, text);
  if (found.at(-1)?.name !== 'all') throw new Error('the list of volumes ends in the middle');
  return {
    list: found.slice(0, -1).map((part) => {
      const field = (name: string): string | undefined =>
        new RegExp(`^${name.replaceAll('.', String.raw`\.`)}=(.*)$`, 'm').exec(part.text)?.[1];
      const seconds = Number(field('cluster.heal-timeout') ?? HEAL_TIMEOUT_SECONDS);
      return {
        name: part.name.replace(/^volume /, ''),
        started: field('status') === STARTED,
        healTimeoutMs: (Number.isFinite(seconds) ? seconds : HEAL_TIMEOUT_SECONDS) * 1000,
      };
    }),
  };
}

/** The volume that is meant. Not seen when there is none, or several and no name; the reason says what to do. */
export function theVolume(
  found: Awaited<ReturnType<typeof volumesOf>>,
  wanted: string | undefined,
): Seen<FoundVolume> {
  const all = new Map<string, FoundVolume>();
  for (const { volumes } of found.toReversed())
    if (volumes.seen) for (const one of volumes.list) all.set(one.name, one);
  const blind = found.flatMap(({ node, volumes }) => (volumes.seen ? [] : [`${node}: ${volumes.because}`]));
  if (blind.length === found.length) return notSeen(`no node could be asked (${blind.join('; ')})`);
  const names = [...all.keys()].toSorted();
  if (wanted !== undefined) {
    const named = all.get(wanted);
    return named === undefined
      ? notSeen(
          `there is no volume ${wanted}; there ${names.length === 0 ? 'is none' : `is ${names.join(', ')}`}`,
        )
      : { seen: true, ...named };
  }
  const started = [...all.values()].filter((one) => one.started);
  const [only, ...more] = started;
  if (only === undefined)
    return notSeen(
      names.length === 0 ? 'there is no volume' : `no volume is started; there is ${names.join(', ')}`,
    );
  return more.length === 0
    ? { seen: true, ...only }
    : notSeen(
        `there are several volumes (${started.map((one) => one.name).join(', ')}); name one with --volume`,
      );
}
