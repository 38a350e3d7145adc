/** `healproof access`: who depends on whom, and in which states of the site nobody can get in. Needs no lab. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  accessReport,
  drawAccess,
  faultStates,
  INCIDENT_AROUND,
  LAYOUTS,
  siteAccess,
} from '../../harness/index.ts';
import type { AccessGraph, FaultState, Layout } from '../../harness/index.ts';
import { accessText } from './report.ts';

interface Options {
  readonly layout: Layout;
  readonly oob?: boolean;
  readonly backups: 'apart' | 'volume';
  readonly insideMonitoring: boolean;
  readonly offsitePoller: boolean;
  readonly state?: string;
  readonly draw?: boolean;
  readonly json?: boolean;
  readonly svg?: string;
}

/** No finding, findings, and a state that does not exist. */
export const ACCESS_EXIT = { well: 0, findings: 1, couldNotRun: 3 } as const;

export const accessCommand = (ended: (code: number) => void): Command =>
  new Command('access')
    .description(
      'in which states of the site is there no way in, and is nobody told; exit code 0 in none, 1 in some, 3 no such state',
    )
    .addOption(
      new Option('--layout <layout>', 'layout of the volume').choices([...LAYOUTS]).default('replica-2'),
    )
    .option('--oob', 'the site has a backup connection')
    .addOption(
      new Option('--backups <where>', 'where the backups of the routers lie')
        .choices(['apart', 'volume'])
        .default(INCIDENT_AROUND.backups),
    )
    .option('--no-inside-monitoring', 'nothing inside the site watches it')
    .option('--no-offsite-poller', 'nothing outside looks at the site')
    .option('--state <name>', 'only this state')
    .option('--draw', 'print the graph as Mermaid text, with the state’s broken and lost things')
    .option('--svg <file>', 'draw the graph into a file, with the state’s broken and lost things')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  healproof access\n  healproof access --oob\n  healproof access --draw --state "every router disk in split-brain" > access.mmd',
    )
    .action(async (options: Options) => ended(await run(options)));

async function run(options: Options): Promise<number> {
  const { site } = await import('../../scenarios/index.ts');
  const spec = site({ layout: options.layout, options: 'defaults', oob: options.oob === true });
  const around = {
    backups: options.backups,
    offsitePoller: options.offsitePoller,
    insideMonitoring: options.insideMonitoring,
  };
  const graph = siteAccess(spec, around);
  const every = faultStates(graph, spec);
  const states = options.state === undefined ? every : every.filter(({ name }) => name === options.state);
  if (states.length === 0) {
    const names = every.map(({ name }) => name).join('; ');
    process.stderr.write(`access: there is no state "${options.state}"; there are: ${names}\n`);
    return ACCESS_EXIT.couldNotRun;
  }
  const report = accessReport(graph, states);
  if (options.svg !== undefined)
    await drawInto(options.svg, graph, options.state === undefined ? undefined : states[0]);
  if (options.draw === true)
    process.stdout.write(drawAccess(graph, options.state === undefined ? [] : states[0]?.broken));
  else if (options.json === true) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else process.stdout.write(accessText(report));
  return report.findings.length === 0 ? ACCESS_EXIT.well : ACCESS_EXIT.findings;
}

async function drawInto(file: string, graph: AccessGraph, state: FaultState | undefined): Promise<void> {
  const { accessSvg } = await import('../../reports/index.ts');
  writeFileSync(file, accessSvg(state?.name ?? 'Who depends on whom', graph, state?.broken));
}
