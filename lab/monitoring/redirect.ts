/** Makes an Alertmanager configuration end at the lab's pager: whom an alert reaches stays, how a message reads does not. Pure. */
import { Document, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { YAMLMap } from 'yaml';
import { CannotScale } from './scale.ts';

export interface Pager {
  /** Address and ports of the offsite machine. */
  readonly host: string;
  readonly httpPort: number;
  readonly smtpPort: number;
  /** Which Alertmanager speaks. */
  readonly by: 'inside' | 'offsite';
}

/** What a file says, without comments and with its aliases written out: one may refer to what is taken out here. */
const plain = (text: string): Document =>
  new Document(parseDocument(text).toJS(), { aliasDuplicateObjects: false });

const q = (field: string): string => `{{ printf "%q" ${field} }}`;

/** One JSON object per alert and line, for channels that carry text. Go's %q is JSON for the labels that Prometheus makes. */
const ALERT_LINES =
  `{{ range .Alerts }}{"status":${q('.Status')},"receiver":${q('$.Receiver')},"startsAt":{{ .StartsAt.Format "2006-01-02T15:04:05.999Z07:00" | printf "%q" }},` +
  `"labels":{{ "{" }}{{ range $at, $pair := .Labels.SortedPairs }}{{ if $at }},{{ end }}${q('$pair.Name')}:${q('$pair.Value')}{{ end }}{{ "}" }}}\n{{ end }}`;

const KINDS = /^([a-z0-9]+)_configs$/;

/** What decides whether a message is sent at all. */
const kept = (config: YAMLMap): Record<string, unknown> => {
  const sendResolved: unknown = config.get('send_resolved');
  return sendResolved === undefined ? {} : { send_resolved: sendResolved };
};

function redirected(
  kind: string,
  config: YAMLMap,
  { host, httpPort, smtpPort, by }: Pager,
): [string, Record<string, unknown>] {
  const door = `http://${host}:${httpPort}/${by}`;
  if (kind === 'pagerduty')
    return [
      'pagerduty_configs',
      {
        routing_key: 'lab',
        url: `${door}/v2/enqueue`,
        severity: severityOf(config),
        details: { healproof: ALERT_LINES },
        ...kept(config),
      },
    ];
  if (kind === 'email')
    return [
      'email_configs',
      {
        to: config.get('to') ?? 'operator@example.net',
        from: 'alertmanager@example.net',
        smarthost: `${host}:${smtpPort}`,
        hello: by,
        require_tls: false,
        html: '',
        text: ALERT_LINES,
        ...kept(config),
      },
    ];
  // What is no webhook becomes one; the last part of the path says what it was.
  return ['webhook_configs', { url: `${door}/alertmanager/${kind}`, ...kept(config) }];
}

/** Only one of PagerDuty's own words; a template would need the templates. */
function severityOf(config: YAMLMap): string {
  const said: unknown = config.get('severity');
  return ['critical', 'warning', 'info'].find((word) => word === said) ?? 'error';
}

/** @throws CannotScale when there are no receivers, or a receiver is not understood */
export function redirectReceivers(file: string, text: string, pager: Pager): string {
  const doc = plain(text);
  const receivers = doc.get('receivers', true);
  if (!isSeq(receivers)) throw new CannotScale(`${file}: Alertmanager's configuration has no receivers`);
  for (const receiver of receivers.items) {
    if (!isMap(receiver)) throw new CannotScale(`${file}: a receiver is no mapping`);
    const made = new Map<string, Record<string, unknown>[]>();
    for (const pair of receiver.items.slice()) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const kind = KINDS.exec(key)?.[1];
      if (kind === undefined) continue;
      for (const config of isSeq(pair.value) ? pair.value.items : []) {
        if (!isMap(config)) throw new CannotScale(`${file}: an element of ${key} is no mapping`);
        const [to, settings] = redirected(kind, config, pager);
        made.set(to, [...(made.get(to) ?? []), settings]);
      }
      receiver.delete(key);
    }
    for (const [key, configs] of made) receiver.set(key, doc.createNode(configs));
  }
  const global = doc.get('global', true);
  if (isMap(global)) {
    const timeout: unknown = global.get('resolve_timeout');
    doc.set('global', doc.createNode(timeout === undefined ? {} : { resolve_timeout: timeout }));
  }
  doc.delete('templates');
  return doc.toString({ lineWidth: 0 });
}

const SECRET = /key|password|secret|token|url|credential|authorization|auth_/i;

/** The file as it may be kept: what could be a secret is taken out, and so are comments, where an old one may stand. */
export function withoutSecrets(text: string): string {
  const doc = plain(text);
  visit(doc, {
    Pair: (_, pair) => {
      if (isScalar(pair.key) && SECRET.test(String(pair.key.value)))
        pair.value = doc.createNode('<taken out>');
    },
  });
  return doc.toString({ lineWidth: 0 });
}
