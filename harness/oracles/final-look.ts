/** The last look at the site: after settling, with the writers stopped. What holds then is what people are left with. */
import type { EventOf, History } from '../model/event.ts';
import type { Case } from './conclude.ts';
import { viewOf } from './copies.ts';
import type { View } from './copies.ts';
import type { Frame } from './frame.ts';

export interface FinalLook {
  readonly event: EventOf<'observed'>;
  readonly view: View;
  /** What settling came to; undefined when nobody said. */
  readonly settled: EventOf<'settled'> | undefined;
}

/** The last `observed` event of the `observe` phase. Doubts are noted when there is none or a brick was not seen. */
export function finalLook(history: History, frame: Frame, found: Case): FinalLook | undefined {
  const observe = frame.phases.get('observe');
  let event: EventOf<'observed'> | undefined;
  let settled: EventOf<'settled'> | undefined;
  for (let i = history.length - 1; i >= 0 && (event === undefined || settled === undefined); i -= 1) {
    const each = history[i];
    if (each?.kind === 'observed' && observe !== undefined && each.seq > observe.seq) event ??= each;
    if (each?.kind === 'settled') settled ??= each;
  }
  if (event === undefined) {
    found.doubt('nobody looked at the bricks after settling');
    return undefined;
  }
  const view = viewOf(event, frame);
  for (const { brick, because } of view.unseen) found.doubt(`the last look did not see ${brick}: ${because}`);
  if (view.bricks.length === 0) found.doubt('the last look saw no brick at all');
  return { event, view, settled };
}
