/** The access graph of a run's site, drawn, and evaluated in every state of it, as one page of the bundle. Pure. */
import { accessReport, faultStates, INCIDENT_AROUND, siteAccess } from '../../harness/index.ts';
import type { AccessGraph, AccessReport, FaultState, History } from '../../harness/index.ts';
import { escape } from '../timeline/svg.ts';
import { accessSvg } from './picture.ts';

export interface Access {
  readonly graph: AccessGraph;
  readonly states: readonly FaultState[];
  readonly report: AccessReport;
}

/** Undefined when the history does not say what the site is. */
export function accessOf(history: History): Access | undefined {
  const began = history.find((event) => event.kind === 'run-began');
  if (began === undefined) return undefined;
  const graph = siteAccess(began.spec, { ...INCIDENT_AROUND, offsitePoller: began.offsite !== false });
  const states = faultStates(graph, began.spec);
  return { graph, states, report: accessReport(graph, states) };
}

/** The state of the incident: most is lost in it. */
const worstOf = ({ states }: Access): FaultState | undefined =>
  states.find(({ name }) => name === 'every router disk in split-brain');

/** The picture of the bundle: the state of the incident. */
export function accessPicture(access: Access): string {
  const worst = worstOf(access);
  return accessSvg(
    `Who depends on whom${worst === undefined ? '' : `: ${worst.name}`}`,
    access.graph,
    worst?.broken,
  );
}

export function accessHtml(title: string, access: Access): string {
  const { graph, states, report } = access;
  const withFindings = states.filter(({ name }) => report.findings.some(({ state }) => state === name));
  const drawn = withFindings.map(
    ({ name, broken }) =>
      `<details${name === worstOf(access)?.name ? ' open' : ''}><summary>${escape(name)}</summary>${findingsList(report, name)}${accessSvg(name, graph, broken)}</details>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:2px 6px;text-align:left}.NO{background:#d55e00;color:#fff}svg{max-width:100%;height:auto}summary{font-weight:600;margin:.8em 0}</style>
<h1>${escape(title)}</h1>
${accessSvg('Who depends on whom: all is well', graph)}
<h2>What still stands in each state</h2>
${statesTable(report)}
<p>What takes every way in from afar away: ${escape(report.cutsOfWayIn.map((cut) => cut.join(' + ')).join('; '))}.</p>
<h2>Found before anything breaks</h2>
${drawn.length === 0 ? '<p>Every outage leaves a way to end it.</p>' : drawn.join('\n')}
`;
}

function statesTable({ states }: AccessReport): string {
  const cell = (up: boolean): string => (up ? '<td>yes</td>' : '<td class="NO">NO</td>');
  const rows = states.map(
    ({ name, page, wayIn, told, restore }) =>
      `<tr><td>${escape(name)}</td>${[page, wayIn, told, restore].map(cell).join('')}</tr>`,
  );
  return `<table><tr><th>broken</th><th>customers served</th><th>way in from afar</th><th>somebody is told</th><th>restore from afar</th></tr>${rows.join('\n')}</table>`;
}

const findingsList = ({ findings }: AccessReport, name: string): string =>
  `<ul>${findings
    .filter(({ state }) => state === name)
    .map(({ what, because }) => `<li>${escape(what)}<br><small>${escape(because)}</small></li>`)
    .join('')}</ul>`;
