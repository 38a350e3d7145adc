/** Why no page reached anybody: what fired meanwhile, and what became of it. Pure. */
import type { EventOf, History, Watcher } from '../model/event.ts';
import { instanceOf, pages } from './detection.ts';

/** In one sentence, for the history and whoever was not told. */
export function whyUntold(history: History, fromMs: number): string {
  const since = history.filter(({ atMs }) => atMs >= fromMs);
  const fired = since.filter(
    (event): event is EventOf<'rule'> => event.kind === 'rule' && event.state === 'firing' && pages(event),
  );
  if (fired.length === 0) return 'no rule that pages fired';
  const by = [...new Set(fired.map((rule) => rule.by))];
  return `${by.map((watcher) => firedBy(fired, watcher)).join(', ')}; ${by.map((watcher) => fateOf(since, fired, watcher)).join(', ')}`;
}

const firedBy = (fired: readonly EventOf<'rule'>[], watcher: Watcher): string =>
  `${namesOf(fired.filter(({ by }) => by === watcher))} fired ${watcher}`;

const namesOf = (events: readonly { readonly name: string }[]): string =>
  [...new Set(events.map(({ name }) => name))].join(' and ');

function fateOf(since: History, fired: readonly EventOf<'rule'>[], watcher: Watcher): string {
  const these = new Set(fired.filter(({ by }) => by === watcher).map((rule) => instanceOf(rule)));
  const arrived = since.filter(
    (event): event is EventOf<'alert'> =>
      event.kind === 'alert' &&
      event.by === watcher &&
      event.state === 'firing' &&
      these.has(instanceOf(event)),
  );
  const paged = arrived.filter((alert) => pages(alert));
  if (paged.length > 0)
    return `${namesOf(paged)} was delivered from ${watcher} and taken back before anybody was called`;
  if (arrived.length > 0)
    return `what went out from ${watcher} was ${channelsOf(arrived)}, which wakes nobody`;
  const failed = triesOf(since, watcher);
  return failed.length === 0
    ? `nothing was sent from ${watcher}`
    : `tries to send from ${watcher} have failed: ${failed.map(({ tries, integration }) => `${tries} by ${integration}`).join(', ')}`;
}

const channelsOf = (alerts: readonly EventOf<'alert'>[]): string =>
  [...new Set(alerts.map(({ channel = 'a message' }) => channel))].join(' and ');

/** The last count of each integration: a heartbeat that can't go out fails beside the pages. */
const triesOf = (since: History, watcher: Watcher): readonly EventOf<'undelivered'>[] => [
  ...new Map(
    since
      .filter((event) => event.kind === 'undelivered')
      .filter(({ by }) => by === watcher)
      .map((event) => [event.integration, event]),
  ).values(),
];
