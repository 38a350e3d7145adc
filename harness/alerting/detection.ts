/** Who noticed what, and how soon: troubles of a run against the alerts that reached the pager. Pure. */
import type { EventOf, History } from '../model/event.ts';

/** Something that was wrong for a time. Faults come from the history by `faultsIn`; outages are given by whoever measured them. */
export interface Trouble {
  readonly what: string;
  readonly fromMs: number;
  /** Undefined: it never ended. */
  readonly toMs: number | undefined;
}

export interface Noticed {
  readonly alert: string;
  readonly pages: boolean;
  /** From the trouble to the rule's firing. */
  readonly firedAfterMs: number;
  /** From the trouble to the pager. */
  readonly deliveredAfterMs: number;
  readonly evidence: number;
}

export interface Detection {
  readonly rows: readonly (Trouble & { readonly noticed: readonly Noticed[] })[];
  /** Alerts that fired while nothing was wrong. */
  readonly falseAlarms: readonly {
    readonly alert: string;
    readonly pages: boolean;
    readonly atMs: number;
    readonly evidence: number;
  }[];
}

/** Each fault that began, until it ended. */
export function faultsIn(history: History): readonly Trouble[] {
  return history
    .filter((event) => event.kind === 'fault-began')
    .map(({ seq, atMs, fault, target }) => ({
      what: `${fault} ${target}`,
      fromMs: atMs,
      toMs: history.find((event) => event.kind === 'fault-ended' && event.of === seq)?.atMs,
    }));
}

/**
 * Whether an alert can wake somebody: it is meant to, and what carried it rings. Who labels no severities pages with everything;
 * mail is read by who is awake and looks.
 */
export const pages = ({ labels, channel }: Pick<EventOf<'alert'>, 'labels' | 'channel'>): boolean =>
  channel !== 'mail' && ['page', 'critical', undefined].includes(labels['severity']);

/** The page that people are told: the first one delivered since `fromMs` that nobody has taken back. */
export function pageOf(history: History, fromMs: number): EventOf<'alert'> | undefined {
  const open = new Map<string, EventOf<'alert'>>();
  for (const event of history) {
    if (event.kind !== 'alert' || event.atMs < fromMs || !pages(event)) continue;
    const key = `${event.name} ${labelsText(event)}`;
    if (event.state === 'resolved') open.delete(key);
    else if (!open.has(key)) open.set(key, event);
  }
  return [...open.values()].sort((a, b) => a.atMs - b.atMs)[0];
}

const labelsText = ({ labels }: EventOf<'alert'>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * An alert belongs to every trouble during which its rule fired, or within `graceMs` after: a rule with a `for` may fire when
 * a short trouble is over. `fromMs`: alerts that fired earlier (a site being set up) are nobody's.
 */
export function detect(
  history: History,
  troubles: readonly Trouble[],
  { graceMs, fromMs }: { readonly graceMs: number; readonly fromMs: number },
): Detection {
  const alerts = firstDeliveries(history).filter(({ activeAtMs }) => activeAtMs >= fromMs);
  const during = (alert: EventOf<'alert'>, trouble: Trouble): boolean =>
    alert.activeAtMs >= trouble.fromMs && alert.activeAtMs <= (trouble.toMs ?? Infinity) + graceMs;
  return {
    rows: troubles.map((trouble) => ({
      ...trouble,
      noticed: alerts
        .filter((alert) => during(alert, trouble))
        .map((alert) => ({
          alert: alert.name,
          pages: pages(alert),
          firedAfterMs: alert.activeAtMs - trouble.fromMs,
          deliveredAfterMs: alert.atMs - trouble.fromMs,
          evidence: alert.seq,
        })),
    })),
    falseAlarms: alerts
      .filter((alert) => !troubles.some((trouble) => during(alert, trouble)))
      .map((alert) => ({
        alert: alert.name,
        pages: pages(alert),
        atMs: alert.activeAtMs,
        evidence: alert.seq,
      })),
  };
}

/** Alertmanager repeats itself; the first delivery of each firing of each labelled alert is the one that can wake somebody. */
function firstDeliveries(history: History): readonly EventOf<'alert'>[] {
  const seen = new Set<string>();
  return history.filter((event) => {
    if (event.kind !== 'alert' || event.state !== 'firing') return false;
    const key = `${event.name} ${event.activeAtMs} ${labelsText(event)}`;
    return seen.has(key) ? false : (seen.add(key), true);
  }) as readonly EventOf<'alert'>[];
}
