/** The monitoring of one lab as files: scaled to the lab's clock, with the lab's addresses, ending at the lab's pager. Pure. */
import { basename } from 'node:path';
import type { SiteSpec } from '../../harness/index.ts';
import { nodeAddresses, pageUrl } from '../cluster/addresses.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkPlan } from '../network/plan.ts';
import type { Scaling } from './duration.ts';
import { EXPORTER_PAGE } from './exporter.ts';
import { redirectReceivers, withoutSecrets } from './redirect.ts';
import { scaleAlertmanager, scalePrometheus, scaleRules } from './scale.ts';
import type { ScaledFile } from './scale.ts';
import { PLACES } from './shipped.ts';
import type { NamedFile, Place, Shipped } from './shipped.ts';

/**
 * A node's reboot takes 10 s and more here and some minutes on a site, the operator's delay 8 s and not 5 minutes, a heal 26 s. Failover
 * between the routers is not modelled and takes its real 3 s: rules that must not fire for it have a `for` of 2 minutes.
 */
export const LAB_CLOCK: Scaling = { factor: 30, scrapeMs: 1000 };

export const PAGER_PORTS = { http: 9095, smtp: 2525 } as const;
export const NODE_EXPORTER_PORT = 9100;

export interface FileAt {
  /** Path below the folder of the monitoring. */
  readonly path: string;
  readonly text: string;
}

export interface MonitoringPlan {
  /** What each place's machine gets. */
  readonly files: Readonly<Record<Place, readonly FileAt[]>>;
  /** What the bundle keeps: shipped and scaled, without secrets. */
  readonly kept: readonly FileAt[];
  /** What could not be made as short as the factor wants. */
  readonly clamped: readonly string[];
}

type Targets = readonly {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}[];

/** Who is where in this lab, by Prometheus's files of targets. */
function targetsOf(
  spec: SiteSpec,
  plan: NetworkPlan,
  exporter: boolean,
): Readonly<Record<Place, Readonly<Record<string, Targets>>>> {
  return {
    inside: {
      node: nodeAddresses(spec, plan).map(({ node, lan }) => ({
        targets: [`${lan}:${NODE_EXPORTER_PORT}`],
        labels: { node },
      })),
      healproof: exporter ? [{ targets: [EXPORTER_PAGE] }] : [],
      router: spec.routers.map(({ name }, at) => ({
        targets: [plan.ip('lan', HOST.firstRouter + at)],
        labels: { router: name },
      })),
    },
    offsite: {
      gateway: [{ targets: [plan.ip('wan', HOST.gateway)] }],
      'customer-page': [{ targets: [pageUrl(plan)] }],
      heartbeat: [{ targets: [`127.0.0.1:${PAGER_PORTS.http}`] }],
    },
  };
}

/**
 * A site that has no exporter on purpose leaves out the rules which miss it: here, and nowhere in the rules themselves. On a site that
 * has them its absence is told whatever the list of targets says.
 */
const missesExporter = ({ name, ours }: NamedFile): boolean =>
  ours === true && basename(name).startsWith('exporter');

/** Prometheus is told to read rules/*.yml. */
const ruleFile = ({ name }: NamedFile): string => {
  const file = basename(name);
  return `rules/${file.endsWith('.yml') ? file : `${file}.yml`}`;
};

/** `exporter`: whether this site has one. @throws CannotScale with file and line */
export function planMonitoring(
  shipped: Shipped,
  spec: SiteSpec,
  plan: NetworkPlan,
  exporter: boolean,
): MonitoringPlan {
  const clamped: string[] = [];
  const kept: FileAt[] = [];
  const targets = targetsOf(spec, plan, exporter);
  const files = (place: Place): readonly FileAt[] => {
    const { rules, prometheus, alertmanager, blackbox } = shipped[place];
    const take = (
      file: NamedFile,
      path: string,
      scale: (name: string, text: string, scaling: Scaling) => ScaledFile,
    ): FileAt => {
      const scaled = scale(file.name, file.text, LAB_CLOCK);
      clamped.push(...scaled.clamped);
      kept.push(
        { path: `${place}/shipped/${path}`, text: file.text },
        { path: `${place}/scaled/${path}`, text: scaled.text },
      );
      return { path, text: scaled.text };
    };
    const routing = scaleAlertmanager(alertmanager.name, alertmanager.text, LAB_CLOCK);
    clamped.push(...routing.clamped);
    const redirected = redirectReceivers(alertmanager.name, routing.text, {
      host: place === 'offsite' ? '127.0.0.1' : plan.ip('wan', HOST.offsite),
      httpPort: PAGER_PORTS.http,
      smtpPort: PAGER_PORTS.smtp,
      by: place,
    });
    kept.push(
      { path: `${place}/shipped/alertmanager.yml`, text: withoutSecrets(alertmanager.text) },
      { path: `${place}/scaled/alertmanager.yml`, text: redirected },
    );
    return [
      ...rules
        .filter((file) => exporter || !missesExporter(file))
        .map((file) => take(file, ruleFile(file), scaleRules)),
      take(prometheus, 'prometheus.yml', scalePrometheus),
      { path: 'alertmanager.yml', text: redirected },
      { path: 'blackbox.yml', text: blackbox.text },
      ...Object.entries(targets[place]).map(([name, list]) => ({
        path: `targets/${name}.json`,
        text: JSON.stringify(list),
      })),
    ];
  };
  const [inside, offsite] = PLACES.map(files);
  return { files: { inside: inside ?? [], offsite: offsite ?? [] }, kept, clamped: [...new Set(clamped)] };
}
