/**
 * One look at a site for a gate. Two rounds: first the raw files of every node at once, without glusterd; then, of the nodes that
 * answered, the CLI and the attributes. So a node that is away costs its time-out once, and nobody's listing waits for it twice.
 */
import { MOST_INDEXED } from '../../harness/index.ts';
import type { Extra, GateFacts, NodeFacts, Profile, Seen, Shell, Surroundings } from '../../harness/index.ts';
import { ask, checkPatterns, checkVolume, checkWords } from './ask.ts';
import type { Asked, Variables } from './ask.ts';
import {
  AUDIT,
  AUDIT_GFIDS,
  HEAL_INFO,
  HEAL_INFO_XML,
  IDENTITY,
  INDEX,
  INFO,
  LAYOUT,
  MOUNTS,
  PEERS,
  POOL,
  SPLIT_BRAIN,
  STATUS,
} from './commands.ts';
import type { Command } from './command.ts';
import { auditedImages, bricksOf } from './gate-bricks.ts';
import type { Answers } from './gate-bricks.ts';
import { askClients, askExtras, extrasOf, rawExtras } from './gate-extras.ts';
import { withSums } from './gate-sums.ts';
import { askLocking, wasLockedOut } from './locked.ts';
import { parseIndexes } from './parse-bricks.ts';
import { parseHealText, parseHealXml } from './parse-heal.ts';
import { parseIdentity, parseMounts } from './parse-mounts.ts';
import { parsePeers, parsePool, parseVolumeInfo, parseVolumeStatus } from './parse-volume.ts';
import { parseVolfile } from './parse-volfile.ts';
import { notSeen, read } from './seen.ts';

/** Where Proxmox keeps disks on a file storage. */
export const PROXMOX_IMAGES: readonly string[] = ['images/*/*'];

export interface GateFactsOptions {
  /** Patterns of VM images below the volume's root; default `images/<vmid>/<disk>`. */
  readonly images?: readonly string[];
  /** What else the gate's conditions look at (`extrasOf` of the gate); nothing of it is asked otherwise. */
  readonly extras?: ReadonlySet<Extra>;
  /** Folders of backups and addresses that routers share, from the site's description. */
  readonly folders?: readonly string[];
  readonly sharedAddresses?: readonly string[];
  /** Files that nobody has written to for that many minutes are cold; default 10. */
  readonly coldMinutes?: number;
  /** What no node's tables hold; whoever asks the gate looks there. */
  readonly surroundings?: Partial<Surroundings>;
  readonly signal?: AbortSignal;
}

const RAW: readonly Command[] = [IDENTITY, LAYOUT, MOUNTS, INDEX];
const LOCAL_CLI: readonly Command[] = [INFO, PEERS, POOL];
const MORE_HEAL: readonly Command[] = [HEAL_INFO_XML, SPLIT_BRAIN];
/** Asking more nodes would only load the bricks. */
const WITNESSES = 2;
/** Shards that a guest writes to again and again change in between. */
const COLD_MINUTES = 10;
/** `heal info` takes 1.3 ms per entry and walk (measured), several times that on a loaded machine. */
const MOST_TO_WALK = 200;

/** Never throws for what a site does; throws for a volume name, pattern, folder or address that can't be one. */
export async function gateFacts(
  shells: readonly Shell[],
  volume: string,
  profile: Profile,
  options: GateFactsOptions = {},
): Promise<GateFacts> {
  const images = options.images ?? PROXMOX_IMAGES;
  checkVolume(volume);
  checkPatterns(images);
  checkWords(options.folders ?? [], options.sharedAddresses ?? []);
  const atMs = Date.now();
  const began = performance.now();
  const wanted = options.extras ?? new Set<Extra>();
  const variables: Variables = {
    V: volume,
    IMAGES: images.join(' '),
    FOLDERS: (options.folders ?? []).join(' '),
    VIPS: (options.sharedAddresses ?? []).join(' '),
    COLD: String(options.coldMinutes ?? COLD_MINUTES),
  };
  const first = [...RAW, ...rawExtras(wanted)];
  const raw = await Promise.all(shells.map((shell) => ask(shell, first, variables, options.signal)));
  const reached = shells.filter((_, index) => raw[index]?.reached === true);
  const leftOut = healLeftOut(shells, raw);
  const witnesses = profile === 'fast' ? [] : reached.slice(0, WITNESSES);
  const [answers, extras] = await Promise.all([
    profile === 'fast'
      ? shells.map((shell, index) => only(shell, raw[index]))
      : secondRound(shells, raw, leftOut === undefined ? witnesses : [], variables, options.signal),
    askExtras(shells, raw, wanted, variables, options.signal),
  ]);
  const clients = wanted.has('clients') ? await askClients(answers, variables, options.signal) : undefined;
  const nodes = answers.map((one) => nodeFacts(one, volume, extrasOf(one, extras.get(one.shell), clients)));
  const summed = withSums(bricksOf(answers, nodes, atMs, profile), extras);
  return {
    atMs,
    tookMs: Math.round(performance.now() - began),
    volume,
    profile,
    nodes,
    healWitnesses: witnesses.map((shell) => shell.node),
    healLeftOut: profile === 'fast' ? undefined : leftOut,
    bricks: summed.bricks,
    audited: auditedImages(answers, profile, images),
    sums: summed.sums,
    surroundings: { ...NOT_ASKED, ...options.surroundings },
  };
}

/** What in the raw files keeps the gate shut for sure, and would make `heal info` slow. */
function healLeftOut(shells: readonly Shell[], raw: readonly Asked[]): string | undefined {
  const named = (which: (one: Asked) => boolean): string =>
    shells
      .filter((_, index) => raw[index] !== undefined && which(raw[index]))
      .map((shell) => shell.node)
      .join(', ');
  const away = named((one) => !one.reached);
  if (away !== '') return `${away} does not answer, and the listing would wait for it in vain`;
  const blind = named((one) => !one.text(MOUNTS).seen);
  if (blind !== '') return `the mounts of ${blind} do not answer, and the listing would hang as they do`;
  const pending = Math.max(0, ...raw.map((one) => pendingOn(one)));
  return pending > MOST_TO_WALK
    ? `a brick lists ${pending} files to heal; heal info is asked again when ${MOST_TO_WALK} are left`
    : undefined;
}

function pendingOn(raw: Asked): number {
  const indexes = read(raw.text(INDEX), (text) => parseIndexes(raw.nonce, text));
  const counts = indexes.seen
    ? indexes.bricks.map((one) => (one.names.seen ? one.names.xattrop.length : 0))
    : [];
  return Math.max(0, ...counts);
}

function only(shell: Shell, raw: Asked | undefined): Answers {
  if (raw === undefined) throw new Error(`bug: no answer of ${shell.node}`);
  return {
    shell,
    raw,
    cli: undefined,
    heal: undefined,
    status: undefined,
    audit: undefined,
    gfids: undefined,
  };
}

async function secondRound(
  shells: readonly Shell[],
  raw: readonly Asked[],
  witnesses: readonly Shell[],
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<readonly Answers[]> {
  const indexed = [...new Set(raw.flatMap((one) => indexGfids(one)))].slice(0, MOST_INDEXED);
  const local = shells.map((shell, index) =>
    raw[index]?.reached === true ? ask(shell, LOCAL_CLI, variables, signal) : undefined,
  );
  const statuses = statusesInTurn(shells, local, variables, signal);
  return Promise.all(
    shells.map(async (shell, index): Promise<Answers> => {
      const first = only(shell, raw[index]);
      if (!first.raw.reached) return first;
      const [cli, heal, audit, gfids, status] = await Promise.all([
        local[index],
        witnesses.includes(shell) ? askHeal(shell, variables, signal) : undefined,
        ask(shell, [AUDIT], variables, signal),
        indexed.length > 0
          ? ask(shell, [AUDIT_GFIDS], { ...variables, GFIDS: indexed.join(' ') }, signal)
          : undefined,
        statuses.then((all) => all.get(shell)),
      ]);
      return { ...first, cli, heal, audit, gfids, status };
    }),
  );
}

/** The listing as text, as XML, and of split-brains: with a brick that hangs each would wait as long as the one before. */
async function askHeal(shell: Shell, variables: Variables, signal: AbortSignal | undefined): Promise<Asked> {
  const first = await ask(shell, [HEAL_INFO], variables, signal);
  if (hung(first, HEAL_INFO)) {
    const skipped = notSeen(`it was not asked: "${HEAL_INFO.name}" had not answered`);
    return { ...first, text: (command) => (first.asked(command) ? first.text(command) : skipped) };
  }
  const more = await ask(shell, MORE_HEAL, variables, signal);
  return {
    ...first,
    tookMs: first.tookMs + more.tookMs,
    asked: (command) => first.asked(command) || more.asked(command),
    text: (command) => (first.asked(command) ? first : more).text(command),
  };
}

const hung = (asked: Asked, command: Command): boolean =>
  !asked.text(command).seen && asked.tookMs > command.limitSeconds * 1000;

/**
 * `volume status` takes the volume's lock, so two at once would fail each other, and one that hangs keeps everybody else out. It is
 * asked on one node after the other, only when every glusterd has just answered for itself, and never again after one that hung or that
 * did not get the lock.
 */
async function statusesInTurn(
  shells: readonly Shell[],
  local: readonly (Promise<Asked> | undefined)[],
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Shell, Asked>> {
  const answered = new Map<Shell, Asked>();
  const clis = await Promise.all(local.filter((cli) => cli !== undefined));
  if (clis.length < local.length || !clis.every((cli) => cli.text(PEERS).seen)) return answered;
  for (const shell of shells) {
    const asked = await askLocking(shell, STATUS, variables, signal);
    answered.set(shell, asked);
    if (hung(asked, STATUS) || wasLockedOut(asked, STATUS)) break;
  }
  return answered;
}

function indexGfids(raw: Asked): readonly string[] {
  const indexes = read(raw.text(INDEX), (text) => parseIndexes(raw.nonce, text));
  if (!indexes.seen) return [];
  return indexes.bricks.flatMap((one) => (one.names.seen ? [...one.names.xattrop, ...one.names.dirty] : []));
}

const notAsked = notSeen('it was not asked for in this look');
const NOT_ASKED: Surroundings = {
  lease: notAsked,
  outOfBand: notAsked,
  alerting: notAsked,
  canary: notAsked,
};

function nodeFacts(one: Answers, volume: string, extra: NodeFacts['extra']): NodeFacts {
  const { raw, cli, heal, status } = one;
  const indexes = read(raw.text(INDEX), (text) => parseIndexes(raw.nonce, text));
  return {
    node: one.shell.node,
    tookMs: Math.max(raw.tookMs, cli?.tookMs ?? 0, heal?.tookMs ?? 0, status?.tookMs ?? 0),
    identity: read(raw.text(IDENTITY), parseIdentity),
    layout: read(raw.text(LAYOUT), parseVolfile),
    localBricks: indexes.seen ? { seen: true, bricks: indexes.bricks.map((found) => found.brick) } : indexes,
    mounts: read(raw.text(MOUNTS), (text) => parseMounts(raw.nonce, text)),
    info: read(said(cli, INFO, raw), (text) => parseVolumeInfo(text, volume)),
    peers: read(said(cli, PEERS, raw), parsePeers),
    pool: read(said(cli, POOL, raw), parsePool),
    status: read(said(status, STATUS, raw), (text) => parseVolumeStatus(text, volume)),
    healInfo: read(said(heal, HEAL_INFO, raw), parseHealText),
    healInfoXml: read(said(heal, HEAL_INFO_XML, raw), parseHealXml),
    splitBrain: read(said(heal, SPLIT_BRAIN, raw), parseHealText),
    extra,
  };
}

/** Text of a command, or why it was not asked. */
function said(asked: Asked | undefined, command: Command, raw: Asked): Seen<{ readonly text: string }> {
  if (asked !== undefined) return asked.text(command);
  if (!raw.reached) return raw.text(IDENTITY);
  return notSeen(
    command === STATUS
      ? 'it was not asked: it locks the volume, and not every glusterd answers or somebody else has the lock'
      : `"${command.name}" was not asked in this look`,
  );
}
