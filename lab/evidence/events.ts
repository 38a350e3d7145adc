/** What the machines of a lab wrote on the evidence bus, as events. Pure: one line in, at most one event out. */
import { z } from 'zod';
import { brick, node } from '../../harness/index.ts';
import type { EventBody, IndexCounts, RouterName } from '../../harness/index.ts';
import { ALERTING_LINES, alertingEvent } from './alerting-lines.ts';

/** A line as the recorder prints it. `at`: host epoch milliseconds. */
export type Seen =
  | { readonly kind: 'event'; readonly epochMs: number; readonly body: EventBody }
  /** Somebody is ready, or the harness finds its own mark again. */
  | {
      readonly kind: 'signal';
      readonly epochMs: number;
      readonly ev: 'ready' | 'mark';
      readonly what: string;
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly because: string };

const at = z.number().int();
const LINE = z.discriminatedUnion('ev', [
  z.object({
    ev: z.literal('probe'),
    at,
    by: z.enum(['customer', 'operator', 'offsite']),
    target: z.string(),
    ok: z.boolean(),
    tookMs: z.number(),
    detail: z.string().default(''),
  }),
  ...ALERTING_LINES,
  z.object({
    ev: z.literal('backlog'),
    at,
    brick: z.string(),
    xattrop: z.number().optional(),
    dirty: z.number().optional(),
    entryChanges: z.number().optional(),
    error: z.string().optional(),
  }),
  z.object({ ev: z.literal('brick'), at, brick: z.string(), seenBy: z.string(), connected: z.boolean() }),
  z.object({ ev: z.literal('boot'), at, node: z.string(), bootId: z.string(), src: z.string().default('') }),
  z.object({ ev: z.literal('shutdown'), at, node: z.string(), verb: z.string() }),
  z.object({ ev: z.literal('brick-guard'), at, node: z.string(), text: z.string() }),
  z.object({
    ev: z.literal('vm'),
    at,
    vmid: z.number(),
    node: z.string(),
    state: z.string(),
    detail: z.string().nullish(),
  }),
  z.object({
    ev: z.literal('vm-start'),
    at,
    vmid: z.number(),
    node: z.string(),
    ok: z.boolean(),
    error: z.string().nullish(),
  }),
  z.object({ ev: z.literal('serial'), at, src: z.string(), line: z.string() }),
  z.object({ ev: z.literal('ready'), at, who: z.string() }),
  z.object({ ev: z.literal('mark'), at, token: z.string() }),
]);
type Line = z.infer<typeof LINE>;
const KNOWN: ReadonlySet<string> = new Set(LINE.options.map(({ shape }) => shape.ev.value));

/** Which router a VM id stands for, and when the run began. */
export interface Context {
  readonly routerOf: (vmid: number) => RouterName | undefined;
  readonly beganEpochMs: number;
}

const nothing: Seen = { kind: 'nothing' };
const VM_STATES: Readonly<Record<string, Extract<EventBody, { kind: 'vm' }>['state']>> = {
  running: 'running',
  paused: 'paused',
  'io-error': 'io-error',
  exited: 'exited',
  inmigrate: 'migrating-in',
  'block-io-error': 'disk-error',
};

const event = (epochMs: number, body: EventBody): Seen => ({ kind: 'event', epochMs, body });

export function readEvidence(text: string, context: Context): Seen {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', because: `not JSON: ${text.slice(0, 200)}` };
  }
  const ev = typeof json === 'object' && json !== null && 'ev' in json ? json.ev : undefined;
  // Machines may say more than the harness wants to know; their own files keep it.
  if (typeof ev === 'string' && !KNOWN.has(ev)) return nothing;
  const parsed = LINE.safeParse(json);
  return parsed.success
    ? understand(parsed.data, context)
    : {
        kind: 'unreadable',
        because: `${z.prettifyError(parsed.error).replaceAll('\n', ' ')} in ${text.slice(0, 200)}`,
      };
}

function countsOf({ xattrop, dirty, entryChanges, error }: Extract<Line, { ev: 'backlog' }>): IndexCounts {
  if (xattrop === undefined || dirty === undefined || entryChanges === undefined)
    return { seen: false, because: error ?? 'the watcher gave no counts and no reason' };
  return { seen: true, xattrop, dirty, entryChanges };
}

function understand(line: Line, context: Context): Seen {
  switch (line.ev) {
    case 'probe':
      return event(line.at, {
        kind: 'probe',
        by: line.by,
        target: line.target,
        ok: line.ok,
        tookMs: line.tookMs,
        detail: line.detail,
      });
    case 'alert':
    case 'rule':
    case 'page':
    case 'undelivered':
      return event(line.at, alertingEvent(line, context.beganEpochMs));
    case 'backlog':
      return event(line.at, {
        kind: 'backlog',
        brick: brick(line.brick),
        counts: countsOf(line),
      });
    case 'brick':
      return event(line.at, {
        kind: 'brick',
        brick: brick(line.brick),
        seenBy: node(line.seenBy),
        connected: line.connected,
      });
    case 'boot':
      // The first process of a boot says so, and the watcher once more when the system is up.
      return event(line.at, {
        kind: 'node',
        node: node(line.node),
        state: line.src.startsWith('gluster.') ? 'up' : 'booting',
        bootId: line.bootId,
      });
    case 'shutdown':
      return event(line.at, { kind: 'note', text: `${line.node} shuts down (${line.verb})` });
    case 'brick-guard':
      return event(line.at, { kind: 'note', text: `${line.node}: ${line.text}`, mends: node(line.node) });
    case 'vm':
    case 'vm-start':
      return understandVm(line, context);
    case 'serial':
      return readSerial(line.at, line.src, line.line, context);
    case 'ready':
      return { kind: 'signal', epochMs: line.at, ev: 'ready', what: line.who };
    case 'mark':
      return { kind: 'signal', epochMs: line.at, ev: 'mark', what: line.token };
  }
}

function understandVm(line: Extract<Line, { ev: 'vm' | 'vm-start' }>, { routerOf }: Context): Seen {
  const name = routerOf(line.vmid);
  if (name === undefined) return nothing;
  const where = { kind: 'vm', router: name, node: node(line.node) } as const;
  if (line.ev === 'vm-start')
    return line.ok ? nothing : event(line.at, { ...where, state: 'start-failed', detail: line.error ?? '' });
  const state = VM_STATES[line.state];
  return state === undefined ? nothing : event(line.at, { ...where, state, detail: line.detail ?? '' });
}

const SERIAL: readonly [RegExp, (found: readonly string[], name: RouterName) => EventBody][] = [
  [
    /^ACK \S+ (\d+) (\d+)$/,
    ([, seq = '', ms = ''], name) => ({
      kind: 'write-acknowledged',
      router: name,
      record: Number(seq),
      guestMs: Number(ms),
    }),
  ],
  [
    /^ERR \S+ (\d+) (\S+) ?(.*)$/,
    ([, seq = '', errno = '', what = ''], name) => ({
      kind: 'write-failed',
      router: name,
      record: Number(seq),
      errno,
      what,
    }),
  ],
  [
    /^HB \S+ role=(MASTER|BACKUP|INIT) ack=(\d+) err=\d+ disk=(ok|failed|none)/,
    ([, role = '', ack = '', disk = ''], name) => ({
      kind: 'heartbeat',
      router: name,
      role: role as 'MASTER',
      disk: disk as 'ok',
      acknowledged: Number(ack),
    }),
  ],
  [/^BOOT .*$/, ([text = ''], name) => ({ kind: 'guest', router: name, says: 'boot', text })],
  [/^RECOVER .*$/, ([text = ''], name) => ({ kind: 'guest', router: name, says: 'recover', text })],
  [/^PANIC .*$/, ([text = ''], name) => ({ kind: 'guest', router: name, says: 'panic', text })],
  [/^BOOTFAIL .*$/, ([text = ''], name) => ({ kind: 'guest', router: name, says: 'bootfail', text })],
];

/** `src` is `<vmid>.<node>`. Kernel messages and other chatter are not events; the log keeps them. */
function readSerial(epochMs: number, src: string, text: string, { routerOf }: Context): Seen {
  const name = routerOf(Number.parseInt(src.split('/').at(-1) ?? '', 10));
  if (name === undefined) return nothing;
  const line = text.trimEnd();
  for (const [pattern, make] of SERIAL) {
    const found = pattern.exec(line);
    if (found !== null) return event(epochMs, make(found, name));
  }
  return nothing;
}
