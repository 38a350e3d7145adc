/** The final look: everything that lies on the bricks, what the CLI says about it, and what a reader of the mounts gets. */
import type {
  BrickFacts,
  DiskScan,
  FileOnBrick,
  NodeName,
  RouterName,
  Seen,
  Shell,
  VolumeSnapshot,
} from '../../harness/index.ts';
import { nodeOfBrick } from '../../harness/index.ts';
import { ask, checkVolume } from './ask.ts';
import type { Asked } from './ask.ts';
import { brickFacts } from './bricks.ts';
import type { BrickReading } from './bricks.ts';
import { FILES, FILES_WITH_SUMS, HEAL_INFO, INDEX, LAYOUT } from './commands.ts';
import { customerFiles } from './customer-files.ts';
import { scanBrick, scanMount } from './disk-scan.ts';
import { parseFiles, parseIndexes } from './parse-bricks.ts';
import { parseHealText } from './parse-heal.ts';
import { parseVolfile } from './parse-volfile.ts';
import { notSeen, read } from './seen.ts';

export interface ObserveOptions {
  readonly volume: string;
  readonly label: string;
  /** Whether to read every file's content on every brick. */
  readonly hash: boolean;
  /** Router disks; `path` below the volume's root, such as `/images/101/vm-101-disk-0.raw`. */
  readonly images: readonly { readonly router: RouterName; readonly path: string }[];
  /** sha256 of the customers' files by path below `customers/`. */
  readonly customerManifest?: Readonly<Record<string, string>>;
  /** Whether to read router disks through every mount as well; default true. Slow where the storage links are. */
  readonly viaMounts?: boolean;
  /** Where nodes have the volume mounted; default `/mnt/pve/<volume>`. */
  readonly mount?: string;
  /** For the whole look; what is not read by then is not seen. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

/** Never throws for what the site does: what could not be seen is in the snapshot, with the reason. */
export async function observeVolume(
  shells: readonly Shell[],
  asked: ObserveOptions,
): Promise<VolumeSnapshot> {
  const options = withinLimit(asked);
  const { volume, label, hash } = options;
  checkVolume(volume);
  const files = hash ? FILES_WITH_SUMS : FILES;
  const atMs = Date.now();
  // The index before anything else: heal info removes entries that it finds stale.
  const answers = await Promise.all(
    shells.map((shell) => ask(shell, [LAYOUT, INDEX, files], { V: volume }, options.signal)),
  );
  const bricks = bricksOf(shells, answers, files, atMs);
  const [cli, disks, customers] = await Promise.all([
    healInfo(shells, answers, options),
    scanDisks(shells, bricks, options),
    customerFiles(shells, options),
  ]);
  return { label, bricks, cli, disks, customerFiles: customers };
}

function withinLimit(options: ObserveOptions): ObserveOptions {
  if (options.limitMs === undefined) return options;
  const limit = AbortSignal.timeout(options.limitMs);
  const { signal } = options;
  return { ...options, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) };
}

function bricksOf(
  shells: readonly Shell[],
  asked: readonly Asked[],
  command: typeof FILES,
  atMs: number,
): readonly BrickFacts[] {
  const layouts = asked.map((one) => read(one.text(LAYOUT), parseVolfile));
  const sets = layouts.flatMap((one) => (one.seen && one.sets.length > 0 ? [one.sets] : []))[0] ?? [];
  const readings = asked.flatMap((one) => readingsOf(one, command));
  const away = shells.filter((_, index) => asked[index]?.reached !== true).map((shell) => shell.node);
  return brickFacts(sets, readings, atMs, away);
}

/** What one node read of its own bricks by `command` and by the index. */
export function readingsOf(one: Asked, command: typeof FILES): readonly BrickReading[] {
  const indexes = read(one.text(INDEX), (text) => parseIndexes(one.nonce, text));
  const files = read(one.text(command), (text) => parseFiles(one.nonce, text));
  const names = [
    ...(indexes.seen ? indexes.bricks.map((found) => found.brick) : []),
    ...(files.seen ? files.bricks.map((found) => found.brick) : []),
  ];
  return [...new Set(names)].map((brick) => ({
    brick,
    index: indexes.seen
      ? (indexes.bricks.find((found) => found.brick === brick)?.names ?? notSeen('its index was left out'))
      : indexes,
    files: files.seen
      ? (files.bricks.find((found) => found.brick === brick)?.files ?? notSeen('its files were left out'))
      : files,
  }));
}

/** From the first node that answered: a second witness, not the truth. */
export async function healInfo(
  shells: readonly Shell[],
  asked: readonly Asked[],
  { volume, signal }: Pick<ObserveOptions, 'volume' | 'signal'>,
): Promise<VolumeSnapshot['cli']> {
  const shell = shells.find((_, index) => asked[index]?.reached === true);
  if (shell === undefined) return notSeen('no node answered');
  const said = await ask(shell, [HEAL_INFO], { V: volume }, signal);
  const info = read(said.text(HEAL_INFO), parseHealText);
  return info.seen
    ? { seen: true, from: shell.node, healInfo: info.bricks }
    : notSeen(`${shell.node}: ${info.because}`);
}

type Disk = VolumeSnapshot['disks'][number];

/** Each router disk as each brick holds it, and as each mount gives it to a reader. */
async function scanDisks(
  shells: readonly Shell[],
  bricks: readonly BrickFacts[],
  options: ObserveOptions,
): Promise<readonly Disk[]> {
  const scans = options.images.flatMap(({ router, path }) => [
    ...bricks
      .filter((brick) => !brick.arbiter)
      .map(async (brick): Promise<Disk> => {
        const scan = await onBrick(shells, brick, path, options.signal);
        return { router, image: path, via: { brick: brick.brick }, scan };
      }),
    ...(options.viaMounts === false ? [] : shells).map(async (shell): Promise<Disk> => {
      const scan = await scanMount(shell, `${mountOf(options)}${path}`, options.signal);
      return { router, image: path, via: { mount: shell.node }, scan };
    }),
  ]);
  return Promise.all(scans);
}

export const mountOf = ({ mount, volume }: Pick<ObserveOptions, 'mount' | 'volume'>): string =>
  mount ?? `/mnt/pve/${volume}`;

async function onBrick(
  shells: readonly Shell[],
  facts: BrickFacts,
  image: string,
  signal: AbortSignal | undefined,
): Promise<DiskScan> {
  if (!facts.seen) return notSeen(facts.because);
  const base = facts.files.find((file) => file.path === image);
  if (base === undefined) return notSeen(`brick ${facts.brick} holds no ${image}`);
  const shell = shellFor(shells, nodeOfBrick(facts.brick));
  if (!shell.seen) return shell;
  return scanBrick(shell.of, facts.brick, base satisfies FileOnBrick, signal);
}

function shellFor(shells: readonly Shell[], node: NodeName): Seen<{ readonly of: Shell }> {
  const found = shells.find((shell) => shell.node === node);
  return found === undefined ? notSeen(`there is no way into ${node}`) : { seen: true, of: found };
}
