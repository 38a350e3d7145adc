/** The cheap check at the file boundary: is this line an event at all, with the fields its kind needs at the top? */
import type { Event, EventBody, EventKind } from '../harness/index.ts';

type FieldType = 'string' | 'number' | 'boolean' | 'object';
type TypeOf<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : 'object';
type BodyOf<K extends EventKind> = Omit<Extract<EventBody, { kind: K }>, 'kind'>;
type RequiredKeys<T> = { [F in keyof T]-?: object extends Pick<T, F> ? never : F }[keyof T];
type Shapes = {
  readonly [K in EventKind]: { readonly [F in RequiredKeys<BodyOf<K>>]: TypeOf<BodyOf<K>[F]> };
};

/** Required fields of each kind. The compiler keeps it in step with the model: a new kind or field without a line here doesn't compile. */
const SHAPES: Shapes = {
  'run-began': {
    run: 'string',
    scenario: 'string',
    spec: 'object',
    epochMs: 'number',
    versions: 'object',
    modelled: 'object',
  },
  phase: { phase: 'string' },
  'step-began': { step: 'string', command: 'string' },
  'step-ended': { of: 'number', outcome: 'object' },
  gate: { gate: 'string', node: 'string', decision: 'object' },
  ruled: { gate: 'string', node: 'string', rulings: 'object' },
  'fault-began': { fault: 'string', target: 'string' },
  'fault-ended': { of: 'number' },
  receipt: { of: 'number', receipt: 'object' },
  'no-receipt': { of: 'number', expected: 'string', because: 'string' },
  node: { node: 'string', state: 'string' },
  brick: { brick: 'string', seenBy: 'string', connected: 'boolean' },
  backlog: { brick: 'string', counts: 'object' },
  vm: { router: 'string', node: 'string', state: 'string', detail: 'string' },
  'write-acknowledged': { router: 'string', record: 'number', guestMs: 'number' },
  'write-failed': { router: 'string', record: 'number', errno: 'string', what: 'string' },
  heartbeat: { router: 'string', role: 'string', disk: 'string', acknowledged: 'number' },
  guest: { router: 'string', says: 'string', text: 'string' },
  probe: { by: 'string', target: 'string', ok: 'boolean', tookMs: 'number', detail: 'string' },
  alert: { name: 'string', state: 'string', receiver: 'string', activeAtMs: 'number', labels: 'object' },
  rule: { name: 'string', state: 'string', by: 'string', activeAtMs: 'number', labels: 'object' },
  page: { action: 'string', effect: 'string', summary: 'string', severity: 'string' },
  undelivered: { by: 'string', integration: 'string', tries: 'number', givenUp: 'number' },
  person: { who: 'string', does: 'string', siteSeconds: 'number' },
  backup: { router: 'string', file: 'string', holds: 'object' },
  observed: { snapshot: 'object' },
  settled: { ok: 'boolean', pending: 'object', tookMs: 'number' },
  collected: { what: 'string', path: 'string' },
  note: { text: 'string' },
  aborted: { because: 'string' },
};

const FIELDS = new Map<string, readonly (readonly [string, FieldType])[]>(
  Object.entries(SHAPES).map(([kind, fields]) => [kind, Object.entries(fields) as [string, FieldType][]]),
);

/** What is wrong with a parsed line as event number `seq`; undefined when nothing is. */
export function whatIsWrong(value: unknown, seq: number): string | undefined {
  if (typeof value !== 'object' || value === null) return 'is no JSON object';
  const event = value as Record<string, unknown>;
  if (event['seq'] !== seq) {
    return `has seq ${JSON.stringify(event['seq'])} where ${seq} must follow: events are missing, doubled or out of order`;
  }
  if (!Number.isInteger(event['atMs'])) return `has no whole atMs (${JSON.stringify(event['atMs'])})`;
  const fields = FIELDS.get(event['kind'] as string);
  if (fields === undefined) {
    return `has the unknown kind ${JSON.stringify(event['kind'])}; was it written by a newer Healproof?`;
  }
  for (const [name, type] of fields) {
    const field = event[name];
    if (typeof field !== type || field === null)
      return `is a "${String(event['kind'])}" whose ${name} is no ${type}`;
  }
  return undefined;
}

/** A parsed line as an event, or what is wrong with it. */
export function asEvent(value: unknown, seq: number): Event | string {
  return whatIsWrong(value, seq) ?? (value as Event);
}
