/** Who noticed what, and how soon: troubles of a run against the alerts that reached the pager. Pure. */
import type { EventOf, History, Watcher } from '../model/event.ts';

/** Something that was wrong for a time. Faults come from the history by `faultsIn`; outages are given by whoever measured them. */
export interface Trouble {
  readonly what: string;
  readonly fromMs: number;
  /** Undefined: it never ended. */
  readonly toMs: number | undefined;
  /** When a gate was seen open after its end; left out when none was asked. What heals until then is still its doing. */
  readonly wellMs?: number;
}

export interface Noticed {
  readonly alert: string;
  /** Label `set` of rules that are measured beside ours; undefined: ours. */
  readonly set: string | undefined;
  readonly by: Watcher | undefined;
  readonly pages: boolean;
  /** From the trouble to the rule's firing. */
  readonly firedAfterMs: number;
  /** From the trouble to the receiver; undefined: it never got there. */
  readonly deliveredAfterMs: number | undefined;
  readonly evidence: number;
}

export type Alarm = Pick<Noticed, 'alert' | 'set' | 'pages' | 'evidence'> & {
  readonly atMs: number;
  /** It reached a receiver, and did not only fire. */
  readonly delivered: boolean;
};

export interface Detection {
  readonly rows: readonly (Trouble & { readonly noticed: readonly Noticed[] })[];
  /** Alerts that fired when a trouble was over and the site not well yet; they have not noticed it. */
  readonly aftermath: readonly (Alarm & { readonly of: string })[];
  /** Alerts that fired while nothing was wrong. */
  readonly falseAlarms: readonly Alarm[];
}

/** Each fault that began, until it ended, and until every condition of a gate was open after that. */
export function faultsIn(history: History): readonly Trouble[] {
  return history
    .filter((event) => event.kind === 'fault-began')
    .map(({ seq, atMs, fault, target }) => {
      const ended = history.find((event) => event.kind === 'fault-ended' && event.of === seq);
      const well = history.find((event) => ended !== undefined && event.seq > ended.seq && isOpen(event));
      return {
        what: `${fault} ${target}`,
        fromMs: atMs,
        toMs: ended?.atMs,
        ...(well === undefined ? {} : { wellMs: well.atMs }),
      };
    });
}

const isOpen = (event: History[number]): boolean =>
  event.kind === 'ruled' && event.rulings.every(({ kind, waived }) => kind === 'open' || waived);

/** Channels that ring, however an alert is labelled; and those that are read by who is awake and looks. */
const RINGS = ['pagerduty', 'opsgenie', 'victorops', 'pushover'];
const IS_READ = ['mail', 'slack', 'discord', 'webex', 'wechat', 'msteams', 'msteamsv2'];
/** Of our own rules: they wake nobody, wherever they are sent. */
const QUIET = ['notify', 'heartbeat'];
const WAKES = ['page', 'critical'];

/** Whether an alert can wake somebody: by what carried it, and where that may be anything, by whether it is meant to. */
export function pages({
  labels: { severity },
  channel = '',
}: Pick<EventOf<'alert'>, 'labels' | 'channel'>): boolean {
  if (IS_READ.includes(channel) || QUIET.includes(severity ?? '')) return false;
  // Who labels no severities pages with everything.
  return RINGS.includes(channel) || severity === undefined || WAKES.includes(severity);
}

/** Severities that say by themselves whether an alert is to wake somebody; any other one does where what carries it rings. */
export const KNOWN_SEVERITIES: readonly string[] = [...WAKES, ...QUIET];

/** The page that people are told: the first one delivered since `fromMs` that nobody has taken back. */
export function pageOf(history: History, fromMs: number): EventOf<'alert'> | undefined {
  const open = new Map<string, EventOf<'alert'>>();
  for (const event of history) {
    if (event.kind !== 'alert' || event.atMs < fromMs || !pages(event)) continue;
    const key = instanceOf(event);
    if (event.state === 'resolved') open.delete(key);
    else if (!open.has(key)) open.set(key, event);
  }
  return [...open.values()].sort((a, b) => a.atMs - b.atMs)[0];
}

/** One alert of a rule, by name and labels: a rule can fire for several routers at once. */
export const instanceOf = (event: Pick<EventOf<'alert'>, 'name' | 'labels'>): string =>
  `${event.name} ${labelsText(event)}`;

const labelsText = ({ labels }: Pick<EventOf<'alert'>, 'labels'>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * An alert belongs to every trouble during which its rule fired, or within `graceMs` after: a rule with a `for` may fire when
 * a short trouble is over. Later than that it is no proof that the trouble was noticed; but it is no false alarm before the site is well
 * either: a brick that has come back heals, and customers may wait for it. `fromMs`: alerts that fired earlier (a site being set up) are nobody's.
 */
export function detect(
  history: History,
  troubles: readonly Trouble[],
  { graceMs, fromMs }: { readonly graceMs: number; readonly fromMs: number },
): Detection {
  const fired = firings(history).filter(({ firedMs }) => firedMs >= fromMs);
  const during = ({ firedMs }: Firing, trouble: Trouble): boolean =>
    firedMs >= trouble.fromMs && firedMs <= (trouble.toMs ?? Infinity) + graceMs;
  const others = fired.filter((one) => !troubles.some((trouble) => during(one, trouble)));
  const causeOf = ({ firedMs }: Firing): string | undefined =>
    troubles.findLast(
      ({ toMs, wellMs = -Infinity }) => toMs !== undefined && firedMs >= toMs && firedMs <= wellMs,
    )?.what;
  return {
    rows: troubles.map((trouble) => ({
      ...trouble,
      noticed: fired
        .filter((one) => during(one, trouble))
        .map(({ firedMs, deliveredMs, ...rest }) => ({
          ...rest,
          firedAfterMs: firedMs - trouble.fromMs,
          deliveredAfterMs: deliveredMs === undefined ? undefined : deliveredMs - trouble.fromMs,
        })),
    })),
    aftermath: others.flatMap((one) => {
      const of = causeOf(one);
      return of === undefined ? [] : [{ ...alarmOf(one), of }];
    }),
    falseAlarms: others.filter((one) => causeOf(one) === undefined).map((one) => alarmOf(one)),
  };
}

const alarmOf = ({ alert, set, pages: wakes, firedMs, deliveredMs, evidence }: Firing): Alarm => ({
  alert,
  set,
  pages: wakes,
  atMs: firedMs,
  delivered: deliveredMs !== undefined,
  evidence,
});

type Firing = Pick<Noticed, 'alert' | 'set' | 'by' | 'pages' | 'evidence'> & {
  readonly firedMs: number;
  readonly deliveredMs: number | undefined;
};

/** Everything that fired, by what was delivered and by what the rules say of themselves; what always fires is no alarm. */
function firings(history: History): readonly Firing[] {
  const told = history.filter((event) => !('labels' in event) || event.labels['severity'] !== 'heartbeat');
  const delivered = firstDeliveries(told);
  const silent = told.filter(
    (event): event is EventOf<'rule'> =>
      event.kind === 'rule' &&
      event.state === 'firing' &&
      !delivered.some((alert) => sameFiring(event, alert)),
  );
  return [
    ...delivered.map((alert) => firingOf(alert, alert.activeAtMs, alert.atMs)),
    ...silent.map((rule) => firingOf(rule, rule.atMs, undefined)),
  ].sort((a, b) => a.firedMs - b.firedMs);
}

const firingOf = (
  event: EventOf<'alert'> | EventOf<'rule'>,
  firedMs: number,
  deliveredMs: number | undefined,
): Firing => ({
  alert: event.name,
  set: event.labels['set'],
  by: event.by,
  pages: pages(event),
  evidence: event.seq,
  firedMs,
  deliveredMs,
});

/** A rule is seen to fire at most that long after it did. */
const SEEN_WITHIN_MS = 2000;

const sameFiring = (rule: EventOf<'rule'>, alert: EventOf<'alert'>): boolean =>
  (alert.by === undefined || alert.by === rule.by) &&
  Math.abs(rule.atMs - alert.activeAtMs) <= SEEN_WITHIN_MS &&
  instanceOf(rule) === instanceOf(alert);

/** Alertmanager repeats itself, and may go several ways: of each firing the first delivery that can wake somebody, else the first of all. */
export function firstDeliveries(history: History): readonly EventOf<'alert'>[] {
  const first = new Map<string, EventOf<'alert'>>();
  for (const event of history) {
    if (event.kind !== 'alert' || event.state !== 'firing') continue;
    const key = `${event.activeAtMs} ${instanceOf(event)}`;
    const before = first.get(key);
    if (before === undefined || (!pages(before) && pages(event))) first.set(key, event);
  }
  return [...first.values()];
}
