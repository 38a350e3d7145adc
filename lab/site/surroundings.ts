/** What is seen of a site from where the gate is asked, beside its nodes: ways in that need no router, and the Alertmanager. Reads only. */
import { connect } from 'node:net';
import { z } from 'zod';
import type {
  AlertingFacts,
  Extra,
  OutOfBandFacts,
  Seen,
  SiteDescription,
  Surroundings,
} from '../../harness/index.ts';

const LIMIT_MS = 4000;

/** Only what the gate's conditions ask for, and the description names. Never throws for what does not answer. */
export async function lookAround(
  description: SiteDescription,
  wanted: ReadonlySet<Extra>,
  signal: AbortSignal,
): Promise<Partial<Surroundings>> {
  const { outOfBand, alerting } = description;
  const [ways, alerts] = await Promise.all([
    outOfBand === undefined || !wanted.has('outOfBand') ? undefined : tryWays(outOfBand, signal),
    alerting === undefined || !wanted.has('alerting') ? undefined : askAlertmanager(alerting, signal),
  ]);
  return {
    ...(ways === undefined ? {} : { outOfBand: ways }),
    ...(alerts === undefined ? {} : { alerting: alerts }),
  };
}

type Way = NonNullable<SiteDescription['outOfBand']>[number];

async function tryWays(ways: readonly Way[], signal: AbortSignal): Promise<Seen<OutOfBandFacts>> {
  const tried = await Promise.all(
    ways.map(async ({ of, host, port }) => {
      const said = await opens(host, port, signal);
      return { of, where: `${host}:${port}`, ok: said === undefined, said: said ?? '' };
    }),
  );
  return { seen: true, tried };
}

/** Undefined when a TCP connection could be opened, else why not. Nothing is sent. */
function opens(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (said: string | undefined): void => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(LIMIT_MS, () => {
      end(`no answer within ${LIMIT_MS / 1000} s`);
    });
    socket.once('connect', () => {
      end(undefined);
    });
    socket.once('error', (error) => {
      end(error.message);
    });
  });
}

/** Alertmanager's API v2 (api/v2/openapi.yaml), as far as it is read here. */
const ALERTS = z.array(z.object({ updatedAt: z.iso.datetime({ offset: true }) }));
const SILENCES = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.enum(['expired', 'active', 'pending']) }),
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().default(true),
      }),
    ),
    endsAt: z.iso.datetime({ offset: true }),
    createdBy: z.string(),
    comment: z.string(),
  }),
);

async function askAlertmanager(
  { alertmanager, heartbeat }: NonNullable<SiteDescription['alerting']>,
  signal: AbortSignal,
): Promise<Seen<AlertingFacts>> {
  const { where, headers } = reachedAt(alertmanager);
  const get = async (path: string): Promise<unknown> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
    const response = await fetch(`${where}/api/v2/${path}`, { signal: limit, headers });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    return response.json();
  };
  try {
    const filter = encodeURIComponent(`alertname="${heartbeat}"`);
    const [alerts, silences] = await Promise.all([
      get(`alerts?filter=${filter}`).then((found) => ALERTS.parse(found)),
      get('silences').then((found) => SILENCES.parse(found)),
    ]);
    const times = alerts.map(({ updatedAt }) => Date.parse(updatedAt));
    return {
      seen: true,
      heartbeatAtMs: times.length === 0 ? undefined : Math.max(...times),
      silences: silences
        .filter(({ status }) => status.state === 'active')
        .map(({ id, matchers, endsAt, createdBy, comment }) => ({
          id,
          matchers: matchers.map((one) => matcher(one)).join(' '),
          endsAtMs: Date.parse(endsAt),
          by: createdBy,
          comment,
        })),
    };
  } catch (error) {
    return {
      seen: false,
      because: `${where}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** fetch takes no name and password in an address, and no message may name them. */
function reachedAt(address: string): {
  readonly where: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const url = new URL(address);
  const [name, password] = [url.username, url.password].map((one) => decoded(one));
  url.username = '';
  url.password = '';
  const where = url.href.replace(/\/$/, '');
  if (name === '' && password === '') return { where, headers: {} };
  return {
    where,
    headers: { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
  };
}

function matcher({
  name,
  value,
  isRegex,
  isEqual,
}: z.infer<typeof SILENCES>[number]['matchers'][number]): string {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return `${name}${operator}${value}`;
}
