/** What the monitoring of a lab says of its own chain: rules that change, alerts that arrive, pages, and what could not be handed over. */
import { z } from 'zod';
import type { EventBody, Watcher } from '../../harness/index.ts';

const at = z.number().int();
const watcher = z.enum(['inside', 'offsite']);

export const ALERTING_LINES = [
  z.object({
    ev: z.literal('alert'),
    at,
    name: z.string(),
    state: z.enum(['firing', 'resolved']),
    receiver: z.string(),
    channel: z.string().optional(),
    by: z.string().optional(),
    startsAt: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  z.object({
    ev: z.literal('rule'),
    at,
    name: z.string(),
    state: z.enum(['pending', 'firing', 'inactive']),
    by: watcher,
    activeAtMs: z.number(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  z.object({
    ev: z.literal('page'),
    at,
    by: z.string().optional(),
    action: z.enum(['trigger', 'acknowledge', 'resolve']),
    effect: z.enum(['opened', 'repeated', 'acknowledged', 'resolved', 'ignored']),
    incident: z.number().nullable(),
    payload: z
      .object({ summary: z.string().default(''), severity: z.string().default('') })
      .default({ summary: '', severity: '' }),
  }),
  z.object({
    ev: z.literal('undelivered'),
    at,
    by: watcher,
    integration: z.string(),
    tries: z.number(),
    givenUp: z.number(),
  }),
] as const;
type AlertingLine = z.infer<(typeof ALERTING_LINES)[number]>;

const byOf = (by: string | undefined): { readonly by?: Watcher } => {
  const known = watcher.safeParse(by);
  return known.success ? { by: known.data } : {};
};

/** `beganEpochMs`: host epoch at the history's time 0. */
export function alertingEvent(line: AlertingLine, beganEpochMs: number): EventBody {
  switch (line.ev) {
    case 'alert':
      return {
        kind: 'alert',
        name: line.name,
        state: line.state,
        receiver: line.receiver,
        ...(line.channel === undefined ? {} : { channel: line.channel }),
        ...byOf(line.by),
        activeAtMs: Date.parse(line.startsAt) - beganEpochMs,
        labels: line.labels,
      };
    case 'rule':
      return {
        kind: 'rule',
        name: line.name,
        state: line.state,
        by: line.by,
        activeAtMs: line.activeAtMs - beganEpochMs,
        labels: line.labels,
      };
    case 'page':
      return {
        kind: 'page',
        ...byOf(line.by),
        action: line.action,
        effect: line.effect,
        ...(line.incident === null ? {} : { incident: line.incident }),
        summary: line.payload.summary,
        severity: line.payload.severity,
      };
    case 'undelivered':
      return {
        kind: 'undelivered',
        by: line.by,
        integration: line.integration,
        tries: line.tries,
        givenUp: line.givenUp,
      };
  }
}
