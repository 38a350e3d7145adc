/** What a gate asks while a backlog drains: the indices alone. No glusterd is asked, no lock is taken, no file but the listing is read. */
import { mostOf } from '../../harness/index.ts';
import type { Backlog, Shell } from '../../harness/index.ts';
import { ask, checkVolume } from './ask.ts';
import { INDEX } from './commands.ts';
import { parseIndexes } from './parse-bricks.ts';
import { read } from './seen.ts';

/** `most` is undefined as soon as one node or brick was not read. Never throws for what a site does. */
export async function glance(
  shells: readonly Shell[],
  volume: string,
  signal: AbortSignal,
): Promise<Backlog> {
  checkVolume(volume);
  const atMs = Date.now();
  const asked = await Promise.all(shells.map((shell) => ask(shell, [INDEX], { V: volume }, signal)));
  const listed = asked.map((one) => read(one.text(INDEX), (text) => parseIndexes(one.nonce, text)));
  const bricks = listed
    .flatMap((one) => (one.seen ? one.bricks : []))
    .map(({ brick, names }): Backlog['bricks'][number] => ({
      brick,
      pending: names.seen ? names.xattrop.length + names.entryChanges.length : { because: names.because },
    }));
  return { atMs, bricks, most: listed.every(({ seen }) => seen) ? mostOf(bricks) : undefined };
}
