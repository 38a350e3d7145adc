/** Why no page reached anybody: what fired meanwhile, and what became of it. Pure. */
import type { EventOf, History, Watcher } from '../model/event.ts';
import { pages } from './detection.ts';

/** In one sentence, for the history and whoever was not told. */
export function whyUntold(history: History, fromMs: number): string {
  const since = history.filter(({ atMs }) => atMs >= fromMs);
  const fired = since.filter(
    (event): event is EventOf<'rule'> => event.kind === 'rule' && event.state === 'firing' && pages(event),
  );
  if (fired.length === 0) return 'no rule that pages fired';
  const by = [...new Set(fired.map((rule) => rule.by))];
  return `${by.map((watcher) => firedBy(fired, watcher)).join(', ')}; ${by.map((watcher) => fateOf(since, watcher)).join(', ')}`;
}

const firedBy = (fired: readonly EventOf<'rule'>[], watcher: Watcher): string =>
  `${[...new Set(fired.filter(({ by }) => by === watcher).map(({ name }) => name))].join(' and ')} fired ${watcher}`;

function fateOf(since: History, watcher: Watcher): string {
  const mailed = since.some(
    (event) =>
      event.kind === 'alert' && event.by === watcher && event.channel === 'mail' && event.state === 'firing',
  );
  if (mailed) return `what went out from ${watcher} was mail, which wakes nobody`;
  const failed = since.findLast(
    (event): event is EventOf<'undelivered'> => event.kind === 'undelivered' && event.by === watcher,
  );
  return failed === undefined
    ? `nothing was sent from ${watcher}`
    : `${failed.tries} tries to send it from ${watcher} by ${failed.integration} have failed`;
}
