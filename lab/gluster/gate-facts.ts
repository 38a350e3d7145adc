/**
 * One look at a site for a gate. Two rounds: first the raw files of every node at once, without glusterd; then, of the nodes that
 * answered, the CLI and the attributes. So a node that is away costs its time-out once, and nobody's listing waits for it twice.
 */
import type {
  BrickFacts,
  FileOnBrick,
  GateFacts,
  NodeFacts,
  Profile,
  ReplicaSet,
  Seen,
  Shell,
} from '../../harness/index.ts';
import { ask, checkPatterns, checkVolume } from './ask.ts';
import type { Asked, Variables } from './ask.ts';
import { brickFacts } from './bricks.ts';
import type { BrickReading } from './bricks.ts';
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
import type { Command } from './commands.ts';
import { parseFiles, parseIndexes } from './parse-bricks.ts';
import { parseHealText, parseHealXml } from './parse-heal.ts';
import { parseIdentity, parseMounts } from './parse-mounts.ts';
import { parsePeers, parsePool, parseVolumeInfo, parseVolumeStatus } from './parse-volume.ts';
import { parseVolfile } from './parse-volfile.ts';
import { notSeen, read, seen } from './seen.ts';

/** Where Proxmox keeps disks on a file storage. */
export const PROXMOX_IMAGES: readonly string[] = ['images/*/*'];

export interface GateFactsOptions {
  /** Patterns of VM images below the volume's root; default `images/<vmid>/<disk>`. */
  readonly images?: readonly string[];
  readonly signal?: AbortSignal;
}

const RAW: readonly Command[] = [IDENTITY, LAYOUT, MOUNTS, INDEX];
const LOCAL_CLI: readonly Command[] = [INFO, PEERS, POOL];
const HEAL: readonly Command[] = [HEAL_INFO, HEAL_INFO_XML, SPLIT_BRAIN];
/** Asking more nodes would only load the bricks. */
const WITNESSES = 2;
/** Beyond that many, the backlog itself is the answer. */
const MOST_GFIDS = 500;

/** What one node answered in each round. */
interface Answers {
  readonly shell: Shell;
  readonly raw: Asked;
  readonly cli: Asked | undefined;
  readonly heal: Asked | undefined;
  readonly status: Asked | undefined;
  readonly audit: Asked | undefined;
  readonly gfids: Asked | undefined;
}

/** Never throws for what a site does; throws for a volume name or pattern that can't be one. `deep` looks like `full` so far. */
export async function gateFacts(
  shells: readonly Shell[],
  volume: string,
  profile: Profile,
  options: GateFactsOptions = {},
): Promise<GateFacts> {
  const images = options.images ?? PROXMOX_IMAGES;
  checkVolume(volume);
  checkPatterns(images);
  const atMs = Date.now();
  const began = performance.now();
  const variables: Variables = { V: volume, IMAGES: images.join(' ') };
  const raw = await Promise.all(shells.map((shell) => ask(shell, RAW, variables, options.signal)));
  const reached = shells.filter((_, index) => raw[index]?.reached === true);
  const witnesses = profile === 'fast' ? [] : reached.slice(0, WITNESSES);
  const answers =
    profile === 'fast'
      ? shells.map((shell, index) => only(shell, raw[index]))
      : await secondRound(shells, raw, witnesses, variables, options.signal);
  const nodes = answers.map((one) => nodeFacts(one, volume));
  return {
    atMs,
    tookMs: Math.round(performance.now() - began),
    volume,
    profile,
    nodes,
    healWitnesses: witnesses.map((shell) => shell.node),
    bricks: bricksOf(answers, nodes, atMs, profile),
    audited: auditedImages(answers, profile, images),
  };
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
  const indexed = [...new Set(raw.flatMap((one) => indexGfids(one)))].slice(0, MOST_GFIDS);
  // With a node away the listing waits for it in vain, every time, and the gate is shut anyway.
  const complete = raw.every((one) => one.reached);
  const statuses = statusesInTurn(shells, raw, variables, signal);
  return Promise.all(
    shells.map(async (shell, index): Promise<Answers> => {
      const first = only(shell, raw[index]);
      if (!first.raw.reached) return first;
      const [cli, heal, audit, gfids, status] = await Promise.all([
        ask(shell, LOCAL_CLI, variables, signal),
        complete && witnesses.includes(shell) ? ask(shell, HEAL, variables, signal) : undefined,
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

/**
 * `volume status` takes the volume's lock, so two at once would fail each other. Once it did not answer in time on one node, nobody
 * else is asked: it would hang there too, and hold up the site's own commands.
 */
async function statusesInTurn(
  shells: readonly Shell[],
  raw: readonly Asked[],
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Shell, Asked>> {
  const answered = new Map<Shell, Asked>();
  for (const [index, shell] of shells.entries()) {
    if (raw[index]?.reached !== true) continue;
    const asked = await ask(shell, [STATUS], variables, signal);
    answered.set(shell, asked);
    if (!asked.text(STATUS).seen && asked.tookMs > STATUS.limitSeconds * 1000) break;
  }
  return answered;
}

function indexGfids(raw: Asked): readonly string[] {
  const indexes = read(raw.text(INDEX), (text) => parseIndexes(raw.nonce, text));
  if (!indexes.seen) return [];
  return indexes.bricks.flatMap((one) => (one.names.seen ? [...one.names.xattrop, ...one.names.dirty] : []));
}

function nodeFacts(one: Answers, volume: string): NodeFacts {
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
  };
}

/** Text of a command, or why it was not asked. */
function said(asked: Asked | undefined, command: Command, raw: Asked): Seen<{ readonly text: string }> {
  if (asked !== undefined) return asked.text(command);
  if (!raw.reached) return raw.text(IDENTITY);
  return notSeen(`"${command.name}" was not asked: not in this profile, or not while a node does not answer`);
}

/** Every brick of the layout, with what its own node read of it. */
function bricksOf(
  answers: readonly Answers[],
  nodes: readonly NodeFacts[],
  atMs: number,
  profile: Profile,
): readonly BrickFacts[] {
  const layouts = nodes.flatMap((one) =>
    one.layout.seen && one.layout.sets.length > 0 ? [one.layout.sets] : [],
  );
  const sets: readonly ReplicaSet[] = layouts[0] ?? [];
  const readings = answers.flatMap((one) => readingsOf(one, profile));
  const away = answers.filter((one) => !one.raw.reached).map((one) => one.shell.node);
  return brickFacts(sets, readings, atMs, away);
}

function readingsOf(one: Answers, profile: Profile): readonly BrickReading[] {
  const indexes = read(one.raw.text(INDEX), (text) => parseIndexes(one.raw.nonce, text));
  if (!indexes.seen) return [];
  const audited = filesOf(one.audit, AUDIT);
  const pending = filesOf(one.gfids, AUDIT_GFIDS);
  return indexes.bricks.map((found) => {
    const lists = [audited, pending].flatMap((list) => (list === undefined ? [] : [list]));
    return {
      brick: found.brick,
      index: found.names,
      files: profile === 'fast' ? { seen: true, list: [] } : joined(lists.map((list) => list(found.brick))),
    };
  });
}

type FilesOf = (brick: string) => Seen<{ readonly list: readonly FileOnBrick[] }>;

function filesOf(asked: Asked | undefined, command: Command): FilesOf | undefined {
  if (asked === undefined) return undefined;
  const parsed = read(asked.text(command), (text) => parseFiles(asked.nonce, text));
  return (brick) => {
    if (!parsed.seen) return parsed;
    return parsed.bricks.find((one) => one.brick === brick)?.files ?? notSeen(`${command.name} left it out`);
  };
}

/** One list out of several; a file that is named by path and by gfid is kept once, by its path. */
function joined(
  lists: readonly Seen<{ readonly list: readonly FileOnBrick[] }>[],
): Seen<{ readonly list: readonly FileOnBrick[] }> {
  const blind = lists.find((one) => !one.seen);
  if (blind !== undefined) return blind;
  const list = lists.flatMap((one) => (one.seen ? one.list : []));
  const named = new Set(
    list.filter((file) => !file.path.startsWith('<gfid:')).map((file) => file.xattrs['trusted.gfid']),
  );
  return {
    seen: true,
    list: list.filter((file) => !file.path.startsWith('<gfid:') || !named.has(file.xattrs['trusted.gfid'])),
  };
}

/** Which images the audit met, over all bricks. */
function auditedImages(
  answers: readonly Answers[],
  profile: Profile,
  patterns: readonly string[],
): GateFacts['audited'] {
  if (profile === 'fast') return notSeen('profile fast reads no attributes of files');
  const matchers = patterns.map((pattern) => globMatcher(pattern));
  return seen(() => {
    const images = answers.flatMap(({ audit }) => {
      if (audit === undefined) return [];
      const parsed = read(audit.text(AUDIT), (text) => parseFiles(audit.nonce, text));
      const lists = parsed.seen ? parsed.bricks.flatMap((one) => (one.files.seen ? one.files.list : [])) : [];
      return lists
        .filter((file) => file.type === 'file' && matchers.some((match) => match.test(file.path)))
        .map((file) => file.path);
    });
    return { images: [...new Set(images)].toSorted() };
  });
}

/** The shell's `*` and `?` do not cross a slash. */
function globMatcher(pattern: string): RegExp {
  const escaped = pattern
    .replaceAll('.', String.raw`\.`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^/${escaped}$`);
}
