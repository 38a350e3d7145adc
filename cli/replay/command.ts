/** The command line of `replay`. */
import { Command, Option } from 'commander';
import type { ReplayOptions } from './replay.ts';

export const replayCommand = (ended: (code: number) => void): Command =>
  new Command('replay')
    .description(
      'play the incident, and the same night with a gate, in labs; exit code 0 as expected, 1 not, 2 unknown, 3 could not run, 130 interrupted',
    )
    .argument(
      '[stories...]',
      'ids of stories, or parts of ids for all that have them (default: the five nights)',
    )
    .option('--variants', 'play the variants too')
    .option('--json', 'print the results as JSON')
    .option(
      '--out <folder>',
      'where the evidence goes: a folder that is empty or not there (default: reports/out/<time>)',
    )
    .option(
      '--escalation <file>',
      'your own escalation policy and people (YAML, as in scenarios/escalations)',
    )
    .option('--alert-rules <folder>', 'your own alert rules: files named offsite* offsite, the others inside')
    .option('--alertmanager <file>', 'your own Alertmanager configuration, inside and offsite')
    .option(
      '--gate <script>',
      'your own gate for the stories own-gate: a shell script that ends with 0 for go',
    )
    .option('--no-report', 'make no Allure report')
    .addOption(
      new Option(
        '--guests <kind>',
        'what runs the routers (default: KVM if it boots a guest, else QEMU’s TCG)',
      ).choices(['kvm', 'tcg', 'modelled']),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  healproof replay\n  healproof replay fixed-delay-replica-2 --json\n  healproof replay zombie-master\n  healproof replay alerts\n  healproof replay alerts --escalation my-people.yml\n  healproof replay matrix\n  healproof replay specimens\n  healproof replay own-gate --gate ./my-gate.sh\n  healproof replay fixed-delay-replica-2 --alert-rules rules/ --alertmanager alertmanager.yml',
    )
    .action(async (stories: string[], options: Omit<ReplayOptions, 'stories'>) => {
      const { replay } = await import('./replay.ts');
      ended(await replay({ stories, ...options }));
    });
