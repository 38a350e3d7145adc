/**
 * The part of a look that only some gates ask for. What needs no glusterd is asked of all nodes at once, after the first round, of the
 * nodes that answered it; what takes the volume's lock is asked of one node, and only after every glusterd has answered for itself.
 */
import type { BrickId, Extra, Extras, NodeFacts, Seen, Shell } from '../../harness/index.ts';
import { nodeOfBrick, pathOfBrick } from '../../harness/index.ts';
import { ask } from './ask.ts';
import type { Asked, Variables } from './ask.ts';
import type { Command } from './command.ts';
import { AUDIT_SUMS, CLIENTS, IDENTITY, INDEX, STATUS } from './commands.ts';
import { CONFIG, LOGS, PROCESSES, REACH, STORAGE } from './commands-node.ts';
import { AUTOMATION, BACKUPS, CLUSTER, GUESTS, ROLES } from './commands-site.ts';
import type { Answers } from './gate-bricks.ts';
import { askLocking, wasLockedOut } from './locked.ts';
import { parseIndexes } from './parse-bricks.ts';
import { parseConfig, parseLogs, parseReach, parseStorage } from './parse-node.ts';
import { parseProcesses } from './parse-processes.ts';
import { parseAutomation, parseBackups, parseCluster, parseGuests, parseRoles } from './parse-site.ts';
import { parseClients } from './parse-volume.ts';
import { notSeen, read } from './seen.ts';
import { parseVolumes, VOLUMES } from './volumes.ts';

/** What one node answered beside the first round. */
export interface ExtraAnswers {
  readonly site: Asked | undefined;
  readonly reach: Asked | undefined;
  readonly sums: Asked | undefined;
}

/** By what a condition asks for. Those of the first round cost no round trip of their own. */
const FIRST: Readonly<Partial<Record<Extra, Command>>> = {
  processes: PROCESSES,
  volumes: VOLUMES,
  storage: STORAGE,
  config: CONFIG,
};
const SITE: Readonly<Partial<Record<Extra, Command>>> = {
  logs: LOGS,
  cluster: CLUSTER,
  automation: AUTOMATION,
  guests: GUESTS,
  backups: BACKUPS,
  roles: ROLES,
};

export const rawExtras = (wanted: ReadonlySet<Extra>): readonly Command[] => [
  // Processes name the ports to reach.
  ...(wanted.has('reach') && !wanted.has('processes') ? [PROCESSES] : []),
  ...[...wanted].flatMap((extra) => FIRST[extra] ?? []),
];

/** What takes no lock, of every node that answered the first round, while the rest of the look goes on. */
export async function askExtras(
  shells: readonly Shell[],
  raw: readonly Asked[],
  wanted: ReadonlySet<Extra>,
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Shell, ExtraAnswers>> {
  const site = [...wanted].flatMap((extra) => SITE[extra] ?? []);
  const ports = wanted.has('reach') ? raw.flatMap((one) => brickPorts(one)) : [];
  const asks = async (shell: Shell, list: readonly Command[], more: Partial<Variables> = {}) =>
    list.length === 0 ? undefined : ask(shell, list, { ...variables, ...more }, signal);
  const reached = shells.filter((_, index) => raw[index]?.reached === true);
  const found = await Promise.all(
    reached.map(async (shell): Promise<readonly [Shell, ExtraAnswers]> => {
      const [around, reach, sums] = await Promise.all([
        asks(shell, site),
        asks(shell, ports.length > 0 ? [REACH] : [], { PORTS: ports.join(' ') }),
        asks(shell, wanted.has('sums') ? [AUDIT_SUMS] : []),
      ]);
      return [shell, { site: around, reach, sums }];
    }),
  );
  return new Map(found);
}

/** Of one node, once `volume status` has worked everywhere: then no lock hangs, and none of ours is still held. */
export async function askClients(
  answers: readonly Answers[],
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<Asked | undefined> {
  const [first] = answers;
  const hung = answers.some(
    ({ status }) => status === undefined || !status.text(STATUS).seen || wasLockedOut(status, STATUS),
  );
  return hung || first === undefined ? undefined : askLocking(first.shell, CLIENTS, variables, signal);
}

/** `HOST:PORT` of every local brick's process that listens, by the host name that clients use. */
function brickPorts(raw: Asked): readonly string[] {
  const found = read(raw.text(PROCESSES), (text) => parseProcesses(raw.nonce, text));
  if (!found.seen) return [];
  return localBricks(raw).flatMap((brick) =>
    found.list
      .filter((process) => process.brickPath === pathOfBrick(brick))
      .flatMap((process) => process.listens)
      .map((port) => `${nodeOfBrick(brick)}:${port}`),
  );
}

function localBricks(raw: Asked): readonly BrickId[] {
  const indexes = read(raw.text(INDEX), (text) => parseIndexes(raw.nonce, text));
  return indexes.seen ? indexes.bricks.map((one) => one.brick) : [];
}

/** A node that did not answer the first round was not asked again. `clients` is one node's answer about all bricks. */
export function extrasOf(
  { raw }: Answers,
  asked: ExtraAnswers | undefined,
  clients: Asked | undefined,
): NodeFacts['extra'] {
  const said = (from: Asked | undefined, command: Command): Seen<{ readonly text: string }> => {
    if (!raw.reached) return raw.text(IDENTITY);
    return from?.asked(command) === true
      ? from.text(command)
      : notSeen(`"${command.name}" was not asked in this look`);
  };
  const site = asked?.site;
  const { nonce } = raw;
  const around = site?.nonce ?? '';
  return {
    processes: read(said(raw, PROCESSES), (text) => parseProcesses(nonce, text)),
    volumes: read(said(raw, VOLUMES), (text) => parseVolumes(nonce, text)),
    storage: read(said(raw, STORAGE), (text) => parseStorage(nonce, text)),
    config: read(said(raw, CONFIG), parseConfig),
    logs: read(said(site, LOGS), (text) => parseLogs(around, text)),
    reach: read(said(asked?.reach, REACH), parseReach),
    clients: read(said(clients, CLIENTS), parseClients),
    cluster: read(said(site, CLUSTER), parseCluster),
    automation: read(said(site, AUTOMATION), (text) => parseAutomation(around, text)),
    guests: read(said(site, GUESTS), (text) => parseGuests(around, text)),
    backups: read(said(site, BACKUPS), (text) => parseBackups(around, text)),
    roles: read(said(site, ROLES), (text) => parseRoles(around, text)),
  } satisfies Extras;
}
