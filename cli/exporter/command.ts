/** `healproof exporter`: what the gate sees, as metrics for Prometheus. Arguments in, a page or a file out. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Listen } from '../../lab/exporter/index.ts';
import { collected, duration, several } from '../arguments.ts';
import { processOut } from '../out.ts';
import type { Out } from '../out.ts';
import { withSiteOptions } from '../site/index.ts';
import { untilStopped } from '../until-stopped.ts';
import { exporter } from './exporter.ts';
import type { Options } from './exporter.ts';

const EXAMPLES = `
Examples:
  healproof exporter --hosts pve1,pve2,pve3                             # http://127.0.0.1:9924/metrics
  healproof exporter --inventory site.ini --listen 198.18.1.5:9924 --interval 30s
  healproof exporter --hosts pve1,pve2,pve3 --profile fast              # no glusterd asked, no lock taken
  healproof exporter --hosts pve1,pve2,pve3 --textfile /var/lib/prometheus/node-exporter/healproof.prom
  healproof exporter --local --textfile /var/lib/prometheus/node-exporter/healproof.prom   # on each node, from a timer
  healproof exporter --lab

It only reads: gate --print-commands lists all it ever runs on a node. How often somebody fetches the page costs the cluster
nothing: nodes are looked at once per --interval. Profile full walks heal info and takes the lock of the volume for volume
status, once per look; what only it can tell says so in the table of cli/exporter/README.md.

A brick that can't be read is healproof_brick_readable 0 and healproof_heal_info_complete 0, and has no count. The gate is
asked about every node, without section F (guests, routers, backups, ways in, alerting), unless --only names conditions.

--local asks this node alone, by a shell of its own and without SSH, and tells only what a node knows of itself.

Exit code: 0 ended by Ctrl-C or SIGTERM, or the file is written; 3 it could not begin, or the file could not be written.`;

const COULD_NOT = 3;
const DEFAULT_LISTEN: Listen = { host: '127.0.0.1', port: 9924 };
const DEFAULT_INTERVAL_MS = 60_000;

/** The command for a commander program. `ended` gets the exit code. */
export function exporterCommand(ended: (code: number) => void, out: Out = processOut()): Command {
  const command = new Command('exporter')
    .description('what the gate sees, as metrics for Prometheus: served on a page, or once into a file')
    .option('--volume <name>', 'the volume (default: the only one that is started)')
    .addOption(
      new Option(
        '--profile <profile>',
        'fast: raw files and sockets only; full: heal info and attributes too',
      )
        .choices(['fast', 'full'])
        .default('full'),
    )
    .addOption(
      new Option('--listen <address:port>', 'where the page is')
        .argParser(listen)
        .default(DEFAULT_LISTEN, `${DEFAULT_LISTEN.host}:${DEFAULT_LISTEN.port}`),
    )
    .addOption(
      new Option('--interval <time>', 'between two looks, such as 30s')
        .argParser(duration(1000, 'at least 1s: a look takes about as long'))
        .default(DEFAULT_INTERVAL_MS, '60s'),
    )
    .option('--textfile <file>', 'look once, write this file for node exporter’s textfile collector, and end')
    .option('--local [name]', 'this node alone, without SSH; its name (default: the host name)')
    .addOption(list('--only <conditions>', 'of the gate only these, codes or names with commas', 'all but F'))
    .addOption(list('--skip <conditions>', 'of the gate not these', 'none'))
    .addOption(
      new Option('--waive <CODE=why>', 'let it not decide; may be repeated')
        .argParser(collected)
        .default([], 'none'),
    )
    .addOption(list('--images <patterns>', 'VM images below the volume’s root', 'images/*/*'));
  return withSiteOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      ended(await run(options, out));
    });
}

async function run(options: Options, out: Out): Promise<number> {
  try {
    await untilStopped((signal) => exporter(options, out, signal));
    return 0;
  } catch (error) {
    out.error(`exporter: ${error instanceof Error ? error.message : String(error)}`);
    return COULD_NOT;
  }
}

/** `9924`, `:9924`, `198.18.1.5:9924`, `[::1]:9924`. */
export function listen(text: string): Listen {
  const [, bracketed, plain, digits] =
    /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))?:)?(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 0 && port <= 65_535))
    throw new InvalidArgumentError('write an address and a port such as 127.0.0.1:9924 or [::1]:9924');
  return { host: bracketed ?? plain ?? DEFAULT_LISTEN.host, port };
}

const list = (flags: string, says: string, byDefault: string): Option =>
  new Option(flags, says).argParser(several).default([], byDefault);
