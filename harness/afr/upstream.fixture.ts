/** The bricks that GlusterFS's own regression tests set up, in our words. */
import { choicesFor } from './advice.ts';
import type { FileInput, ParentView } from './aspect.ts';
import { parentViewOf } from './parent.ts';
import type { FileVerdict } from './state.ts';
import { log, replicas } from './testing.fixture.ts';

export const three = replicas(3);
export const two = replicas(2);
export const all = (...indices: number[]): Record<number, ReturnType<typeof log>> =>
  Object.fromEntries(indices.map((i) => [i, log(1)]));
export const DIR = { type: 'directory', size: 4096 } as const;
export const gfid = (n: number): { gfid: never } => ({
  gfid: `bbbbbbbb-0000-0000-0000-00000000000${n}` as never,
});
export const under = (parent: ParentView, input: FileInput): FileInput => ({ ...input, parent });
export const commands = (verdict: FileVerdict, set = two): string[] =>
  choicesFor(set, verdict).flatMap((c) => c.commands.map((x) => x.command));
/** The directory's attributes on each brick: entry words by accused brick. */
export const directory = (...rows: (Record<number, string> | undefined)[]): ParentView =>
  parentViewOf(
    replicas(rows.length),
    rows.map((row) =>
      row === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(row).map(([on, word]) => [
              on === '9' ? 'trusted.afr.dirty' : `trusted.afr.v-client-${on}`,
              word,
            ]),
          ),
    ),
  );
export const ENTRY = '000000000000000000000001';
export const FULL = '000000010000000000000001';
