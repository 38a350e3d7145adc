/**
 * The part of a look that only some gates ask for. What needs no glusterd is asked of all nodes at once, after the first round, of the
 * nodes that answered it; what takes the volume's lock is asked of one node, and only after every glusterd has answered for itself.
 */
import type { BrickId, Extra, Extras, NodeFacts, Profile, Seen, Shell } from '../../harness/index.ts';
import { nodeOfBrick, pathOfBrick } from '../../harness/index.ts';
import { ask } from './ask.ts';
import type { Asked, Variables } from './ask.ts';
import type { Command } from './command.ts';
import { AUDIT_SUMS, CLIENTS, IDENTITY, INDEX } from './commands.ts';
import { CONFIG, LOGS, PROCESSES, REACH, STORAGE } from './commands-node.ts';
import { AUTOMATION, BACKUPS, CLUSTER, GUESTS, ROLES } from './commands-site.ts';
import type { Answers } from './gate-bricks.ts';
import type { GateFactsOptions } from './gate-facts.ts';
import { parseIndexes } from './parse-bricks.ts';
import { parseConfig, parseLogs, parseReach, parseStorage } from './parse-node.ts';
import { parseProcesses } from './parse-processes.ts';
import { parseAutomation, parseBackups, parseCluster, parseGuests, parseRoles } from './parse-site.ts';
import { parseClients } from './parse-volume.ts';
import { notSeen, read } from './seen.ts';

/** What one node answered. */
export interface ExtraAnswers {
  readonly node: Asked | undefined;
  readonly reach: Asked | undefined;
  readonly clients: Asked | undefined;
  readonly sums: Asked | undefined;
}

/** By what a condition asks for; `reach`, `clients` and `sums` are asked apart. */
const COMMAND: Readonly<Partial<Record<Extra, Command>>> = {
  processes: PROCESSES,
  storage: STORAGE,
  config: CONFIG,
  logs: LOGS,
  cluster: CLUSTER,
  automation: AUTOMATION,
  guests: GUESTS,
  backups: BACKUPS,
  roles: ROLES,
};
const DEFAULT_COLD_MINUTES = 10;

export async function askExtras(
  answers: readonly Answers[],
  volume: string,
  profile: Profile,
  options: GateFactsOptions,
): Promise<ReadonlyMap<Shell, ExtraAnswers>> {
  const wanted = options.extras ?? new Set<Extra>();
  const reached = answers.filter((one) => one.raw.reached);
  const variables: Variables = {
    V: volume,
    IMAGES: (options.images ?? []).join(' '),
    FOLDERS: (options.folders ?? []).join(' '),
    VIPS: (options.sharedAddresses ?? []).join(' '),
    COLD: String(options.coldMinutes ?? DEFAULT_COLD_MINUTES),
  };
  const commands = [...wanted].flatMap((extra) => COMMAND[extra] ?? []);
  // Processes name the ports to reach.
  if (wanted.has('reach') && !commands.includes(PROCESSES)) commands.push(PROCESSES);
  const asks = async (one: Answers, list: readonly Command[], more: Partial<Variables> = {}) =>
    list.length === 0 ? undefined : ask(one.shell, list, { ...variables, ...more }, options.signal);
  const first = await Promise.all(reached.map((one) => asks(one, commands)));
  const ports = wanted.has('reach') ? brickPorts(reached, first) : [];
  const clients = wanted.has('clients') && profile !== 'fast' ? clientsWitness(answers) : undefined;
  const found = await Promise.all(
    reached.map(async (one, index): Promise<readonly [Shell, ExtraAnswers]> => {
      const [reach, listed, sums] = await Promise.all([
        asks(one, ports.length > 0 ? [REACH] : [], { PORTS: ports.join(' ') }),
        asks(one, one === clients ? [CLIENTS] : []),
        asks(one, wanted.has('sums') ? [AUDIT_SUMS] : []),
      ]);
      return [one.shell, { node: first[index], reach, clients: listed, sums }];
    }),
  );
  return new Map(found);
}

/** `volume status` has just worked everywhere: no lock hangs, and none of ours is still held. */
function clientsWitness(answers: readonly Answers[]): Answers | undefined {
  const hung = answers.some(
    (one) => one.status === undefined || one.status.tookMs > CLIENTS.limitSeconds * 1000,
  );
  return hung ? undefined : answers[0];
}

/** `HOST:PORT` of every brick process that listens, by the host name that clients use. */
function brickPorts(reached: readonly Answers[], asked: readonly (Asked | undefined)[]): readonly string[] {
  return reached.flatMap((one, index) => {
    const node = asked[index];
    const found =
      node === undefined ? undefined : read(node.text(PROCESSES), (text) => parseProcesses(node.nonce, text));
    if (found === undefined || !found.seen) return [];
    return localBricks(one.raw).flatMap((brick) =>
      found.list
        .filter((process) => process.brickPath === pathOfBrick(brick))
        .flatMap((process) => process.listens)
        .map((port) => `${nodeOfBrick(brick)}:${port}`),
    );
  });
}

function localBricks(raw: Asked): readonly BrickId[] {
  const indexes = read(raw.text(INDEX), (text) => parseIndexes(raw.nonce, text));
  return indexes.seen ? indexes.bricks.map((one) => one.brick) : [];
}

/** A node that did not answer the first round was not asked again. */
export function extrasOf(asked: ExtraAnswers | undefined, raw: Asked): NodeFacts['extra'] {
  const said = (from: Asked | undefined, command: Command): Seen<{ readonly text: string }> => {
    if (!raw.reached) return raw.text(IDENTITY);
    const text = from?.text(command);
    return text ?? notSeen(`"${command.name}" was not asked in this look`);
  };
  const node = asked?.node;
  const nonce = node?.nonce ?? '';
  return {
    processes: read(said(node, PROCESSES), (text) => parseProcesses(nonce, text)),
    storage: read(said(node, STORAGE), (text) => parseStorage(nonce, text)),
    config: read(said(node, CONFIG), parseConfig),
    logs: read(said(node, LOGS), (text) => parseLogs(nonce, text)),
    reach: read(said(asked?.reach, REACH), parseReach),
    clients: read(said(asked?.clients, CLIENTS), parseClients),
    cluster: read(said(node, CLUSTER), parseCluster),
    automation: read(said(node, AUTOMATION), (text) => parseAutomation(nonce, text)),
    guests: read(said(node, GUESTS), (text) => parseGuests(nonce, text)),
    backups: read(said(node, BACKUPS), (text) => parseBackups(nonce, text)),
    roles: read(said(node, ROLES), (text) => parseRoles(nonce, text)),
  } satisfies Extras;
}
