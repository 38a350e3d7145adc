/** What the gate checks and what it runs, for people who read before they trust. Made from the code, so it can't be out of date. */
import { CONDITIONS } from '../../harness/index.ts';
import { canaryCommands, gateCommands, LEASE_COMMANDS } from '../../lab/on-site.ts';

const SECTIONS: Readonly<Record<string, string>> = {
  A: 'Identity and configuration',
  B: 'Processes',
  C: 'Connectivity',
  D: 'State of the data',
  E: 'Quorum margins',
  F: 'Workload and service',
};

export function explainText(): readonly string[] {
  let section = '';
  return CONDITIONS.flatMap((one) => {
    const heading = one.section === section ? [] : [`${one.section}. ${SECTIONS[one.section] ?? ''}`, ''];
    section = one.section;
    return [
      ...heading,
      `${one.code} ${one.name} (profile ${one.needs})`,
      `  checks     ${one.checks}`,
      `  why        ${one.why}`,
      `  prevents   ${one.wouldHavePrevented}`,
      '',
    ];
  });
}

export const explainJson = (): readonly string[] => [
  JSON.stringify(
    CONDITIONS.map(({ code, name, section, checks, why, wouldHavePrevented, needs }) => ({
      code,
      name,
      section,
      checks,
      why,
      wouldHavePrevented,
      needs,
    })),
    null,
    2,
  ),
];

/** As it is run, but for the mount and the number in the name. */
const CANARY = canaryCommands('MOUNT', '.healproof-canary-NUMBER');

const indented = (text: string): readonly string[] => text.split('\n').map((line) => `    ${line}`);

export function commandsText(): readonly string[] {
  return [
    'Everything the gate and the exporter run on a node. Each reads; none heals, sets, starts or stops anything.',
    'Each runs in a shell of its own under "nice -n 10 timeout", with LC_ALL=C, N (a random mark between parts), V (the volume),',
    'IMAGES (patterns of VM images), GFIDS (files that an index names), PORTS (bricks), COLD (minutes without a write),',
    'FOLDERS (of backups) and VIPS (addresses that routers share) in its environment.',
    '',
    ...gateCommands().flatMap((one) => [
      `${one.name}  (at most ${one.limitSeconds} s, ${one.lock === 'none' ? 'no lock' : 'takes the lock of the volume'})`,
      `  reads ${one.reads}`,
      `  why   ${one.why}`,
      ...indented(one.sh),
      '',
    ]),
    'Only with --lease, and by "healproof lease": what writes. HOLDER, NODE, TOKEN and TTL are in the environment.',
    '',
    ...LEASE_COMMANDS.flatMap((one) => [
      `${one.name}  (at most ${one.limitSeconds} s)`,
      `  does  ${one.reads}`,
      `  why   ${one.why}`,
      ...indented(one.sh),
      '',
    ]),
    'Only with --canary, a file of 4 KiB is written through the mount of one node, read on the others and deleted:',
    '',
    ...Object.entries(CANARY).flatMap(([what, sh]) => [what, ...indented(sh), '']),
  ];
}

type Printed = ReturnType<typeof gateCommands>[number];
const described = ({ name, reads, why, lock, limitSeconds, sh }: Printed) => ({
  name,
  reads,
  why,
  lock,
  limitSeconds,
  sh,
});

export const commandsJson = (): readonly string[] => [
  JSON.stringify(
    {
      gate: gateCommands().map(described),
      lease: LEASE_COMMANDS.map(described),
    },
    null,
    2,
  ),
];
