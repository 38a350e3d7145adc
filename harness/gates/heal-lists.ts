/** Reading a `heal info` listing strictly: each brick of the layout exactly once, connected, with a number. */
import type { HealInfoBrick, Seen } from '../model/facts.ts';
import { unseen } from './decision.ts';
import type { Decision } from './decision.ts';
import type { GateFacts } from './facts.ts';
import { everyBrick, setsOf } from './layout.ts';

export function everyBrickOnce(
  facts: GateFacts,
  where: string,
  listing: Seen<{ readonly bricks: readonly HealInfoBrick[] }>,
  judge: (where: string, brick: HealInfoBrick, count: number) => Decision,
): readonly Decision[] {
  const layout = setsOf(facts);
  if (!layout.seen) return [unseen(layout.because)];
  if (!listing.seen) return [unseen(`${where} was not seen: ${listing.because}`)];
  const expected = everyBrick(layout.sets);
  const foreign = listing.bricks
    .filter((one) => !expected.includes(one.brick))
    .map((one) => unseen(`${where} lists ${one.brick}, which is no brick of volume ${facts.volume}`));
  return [
    ...foreign,
    ...expected.map((brick): Decision => {
      const rows = listing.bricks.filter((one) => one.brick === brick);
      const [row] = rows;
      if (row === undefined) return unseen(`${where} does not list brick ${brick}`);
      if (rows.length > 1) return unseen(`${where} lists brick ${brick} ${rows.length} times`);
      if (!row.connected) return unseen(`${where} could not ask brick ${brick}: "${row.status}"`);
      if (!row.entries.seen)
        return unseen(`${where} has no number for brick ${brick}: ${row.entries.because}`);
      return judge(where, row, row.entries.count);
    }),
  ];
}
