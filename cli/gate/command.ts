/** `healproof gate`: may this node go down now? Arguments in, a verdict out; the rooms do the work. */
import { Command, Option } from 'commander';
import { collected, duration, several } from '../arguments.ts';
import { DEFAULT_TTL_MS, ownName, ttl } from '../lease/index.ts';
import { processOut } from '../out.ts';
import type { Out } from '../out.ts';
import { withSiteOptions } from '../site/index.ts';
import { untilStopped } from '../until-stopped.ts';
import { ask } from './ask.ts';
import type { Options } from './ask.ts';
import { UNKNOWN } from './codes.ts';
import { commandsJson, commandsText, explainJson, explainText } from './explain.ts';

const EXAMPLES = `
Examples:
  healproof gate --inventory site.ini --node pve2                       # made from lab/site/site.example.ini
  healproof gate --inventory site.ini --node pve2 --wait 30m && ssh pve2 reboot
  healproof gate --inventory site.ini --node pve2 --wait 1h --soak 2m   # where healproof exporter looks once a minute
  healproof gate --inventory site.ini --group gluster --node pve2 --json
  healproof gate --hosts pve1,pve2,pve3 --node pve2 --profile fast      # for a loop, under 2 s
  healproof gate --inventory site.ini --node pve2 --waive A3a="two bricks until the arbiter comes"
  healproof gate --inventory site.ini --node pve2 --wait 1h --lease     # nobody else's node meanwhile
  healproof gate --lab --node pve2
  healproof gate --print-commands
  healproof gate --explain

Name every node of the cluster: what nobody asked is not known. With --hosts alone profile full never opens, because nobody
has said what the nodes can't show, or waived it (F2 to F5). The gate only reads; --print-commands lists all it ever runs on
a node, and apart from that what --lease writes.

An inventory says what can't be seen from the nodes, for a host or a group:
  healproof_routers="NAME:VMID,NAME:VMID"  healproof_router_addresses="ADDRESS,…"        (F2)
  healproof_backups="FOLDER,…"  healproof_backup_guests="VMID,…"  healproof_backup_hours="24"  (F3)
  healproof_out_of_band="NAME@HOST:PORT,…"                                               (F4)
  healproof_alertmanager="URL"  healproof_heartbeat="Watchdog"  healproof_silences="ID,…"  (F5)
  healproof_may_stop="VMID,…": guests that may go down with their node                    (F1)
  healproof_mounts="no": a node without a mount (C2)   healproof_hypervisor="no": without guests and vote (E3, F1, F2)
What a site can't have it waives: healproof_waive_CODE="why". It is shown as waived. What is neither said nor waived
is not known, and the gate stays shut. --soak is how long nodes and bricks must have been up and logs quiet. The alert rule
NodeDownWhileGateHeld goes by the exporter's last look: soak longer than its --interval, else a correct reboot can page.

Exit code: 0 open, 1 held (wait), 2 refused (do something), 3 could not be known, 130 interrupted. Only 0 is a yes.`;

/** The command for a commander program. `ended` gets the exit code. */
export function gateCommand(ended: (code: number) => void, out: Out = processOut()): Command {
  const command = new Command('gate')
    .description('may this node go down now? Asks every node of a real cluster, and only reads')
    .option('--node <name>', 'the node that is to go down')
    .option('--volume <name>', 'the volume (default: the only one that is started)')
    .addOption(
      new Option('--profile <profile>', 'fast: raw files only; full: before a reboot; deep: hashes too')
        .choices(['fast', 'full', 'deep'])
        .default('full'),
    )
    .option('--wait <time>', 'ask until it opens, at most so long, such as 30m', duration())
    .option('--soak <time>', 'all must have been well for so long, such as 10m', duration())
    .option(
      '--only <conditions>',
      'judge only these, codes or names with commas; may be repeated',
      several,
      [],
    )
    .option('--skip <conditions>', 'do not judge these', several, [])
    .option('--waive <CODE=why>', 'judge it, but let it not decide; may be repeated', collected, [])
    .option('--images <patterns>', 'VM images below the volume’s root (default: images/*/*)', several, [])
    .option(
      '--lease',
      'take the lease first, keep it while waiting, and when it opens until --lease-ttl is over',
      false,
    )
    .option('--owner <name>', 'with --lease: who takes it', ownName())
    .option('--lease-ttl <time>', 'with --lease: how long it lasts without a heartbeat', ttl, DEFAULT_TTL_MS)
    .option(
      '--canary',
      'also write a file of 4 KiB through the mounts, read it back and delete it (C4)',
      false,
    )
    .option('--json', 'print one JSON document', false)
    .option('--print-commands', 'list everything the gate ever runs on a node; asks nobody', false)
    .option('--explain', 'what each condition checks, and which outage it would have prevented', false);
  return withSiteOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      ended(await gate(options, out));
    });
}

async function gate(options: Options, out: Out): Promise<number> {
  if (options.explain) return list(options.json ? explainJson() : explainText(), out);
  if (options.printCommands) return list(options.json ? commandsJson() : commandsText(), out);
  try {
    return await untilStopped((signal) => ask(options, out, signal));
  } catch (error) {
    out.error(`gate: ${error instanceof Error ? error.message : String(error)}`);
    return UNKNOWN;
  }
}

function list(lines: readonly string[], out: Out): 0 {
  for (const line of lines) out.line(line);
  return 0;
}
