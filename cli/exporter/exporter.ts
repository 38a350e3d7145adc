/** Looks again and again, or as often as one answer needs, and shows what was seen. */
import {
  exported,
  exporterGate,
  extrasOfGate,
  nextAfter,
  NOTHING_SEEN,
  restAsLong,
} from '../../harness/index.ts';
import type { Clock, Exported, Exporting, GateFacts, Memory, NodeName } from '../../harness/index.ts';
import { localShell, openPage, textOf, writeTextfile } from '../../lab/exporter/index.ts';
import type { Listen } from '../../lab/exporter/index.ts';
import { realClock, theVolume, volumesOf } from '../../lab/on-site.ts';
import type { Site } from '../../lab/on-site.ts';
import type { Out } from '../out.ts';
import { isIn, lookAt, waiversOf } from '../gate/index.ts';
import { ownName } from '../lease/index.ts';
import { siteFrom } from '../site/index.ts';
import type { SiteWords } from '../site/index.ts';

export interface Options extends SiteWords {
  readonly volume?: string;
  readonly profile: 'fast' | 'full';
  readonly listen: Listen;
  readonly interval: number;
  readonly textfile?: string;
  readonly local?: string | true;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly waive: readonly string[];
  readonly images: readonly string[];
}

/** @throws with a sentence for the person when it can't begin, or can't write. */
export async function exporter(options: Options, out: Out, signal: AbortSignal): Promise<void> {
  await using site = options.local === undefined ? await siteFrom(options) : thisNode(options);
  const { exporting, look } = await begun(options, site, signal);
  const watching: Watching = {
    look,
    exporting,
    clock: realClock,
    everyMs: options.interval,
    signal,
  };
  if (options.textfile !== undefined) {
    await once(watching, options.textfile);
    return;
  }
  await using page = await openPage(options.listen);
  out.error(`metrics of ${site.shells().length} nodes at http://${page.address}/metrics`);
  await watch(watching, page.show);
}

interface Watching {
  readonly look: (signal: AbortSignal) => Promise<GateFacts>;
  readonly exporting: Exporting;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

type Watched = Pick<Site, 'shells' | 'waivers' | 'description' | 'volume'> & AsyncDisposable;

/** Nothing is said of a site by a node that asks nobody. */
function thisNode({ local, hosts, inventory, lab }: Options): Watched {
  if (hosts !== undefined || inventory !== undefined || lab !== undefined)
    throw new Error('--local asks this node alone; leave out --hosts, --inventory and --lab');
  const shell = localShell(local === true ? undefined : local);
  return {
    shells: () => [shell],
    waivers: () => [],
    description: () => ({}),
    volume: undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function begun(options: Options, site: Watched, signal: AbortSignal) {
  const shells = site.shells();
  const profile = options.local === undefined ? options.profile : 'fast';
  const { only, skip, interval: everyMs } = options;
  const gate = exporterGate({ profile, only, skip }, everyMs);
  const waivers = new Map(shells.map(({ node }) => [node, waiversOf(options.waive, site, node)]));
  const about = (node: NodeName) => ({
    node,
    waivers: (waivers.get(node) ?? []).filter((one) => isIn(gate, one)),
    site: site.description(node),
  });
  const found = theVolume(await volumesOf(shells, signal), options.volume ?? site.volume);
  // Named, it is looked for again and again: an exporter may be up before its cluster is.
  const named = options.volume ?? site.volume;
  const volume = found.seen ? found.name : named;
  if (volume === undefined && !found.seen) throw new Error(`which volume: ${found.because}`);
  const first = shells[0];
  const exporting: Exporting = {
    gate,
    about,
    ...(options.local === undefined || first === undefined ? {} : { local: first.node }),
  };
  const look = lookAt({
    shells,
    asked: undefined,
    owner: ownName(),
    volume: volume ?? '',
    profile,
    extras: extrasOfGate(gate),
    description: first === undefined ? {} : site.description(first.node),
    images: options.images,
  });
  return { exporting, look };
}

/** Until it is interrupted. A gate opens by several looks: they follow each other closely, but no more of them in a row than that takes. */
async function watch(watching: Watching, show: (text: string) => void): Promise<void> {
  const { clock, signal, everyMs, exporting } = watching;
  let memory = NOTHING_SEEN;
  let quick = 0;
  while (!signal.aborted) {
    const began = clock.epochMs();
    const told = await seen(watching, memory);
    if (told === undefined) return;
    memory = told.memory;
    show(told.text);
    const isQuick = told.opening && quick < exporting.gate.stability.looks;
    quick = isQuick ? quick + 1 : 0;
    const now = clock.epochMs();
    // Never longer than an interval: what was seen while a brick hung must not be told for ever.
    await clock.pause(restAsLong(began, now, isQuick ? betweenMs(exporting) : everyMs, everyMs), signal);
  }
}

async function once(watching: Watching, file: string): Promise<void> {
  const { clock, signal, exporting } = watching;
  let memory = NOTHING_SEEN;
  for (;;) {
    const began = clock.epochMs();
    const told = await seen(watching, memory);
    if (told === undefined) throw new Error(`interrupted; ${file} is as it was`);
    memory = told.memory;
    if (memory.looks.length >= exporting.gate.stability.looks) {
      writeTextfile(file, told.text);
      return;
    }
    await clock.pause(nextAfter(began, clock.epochMs(), betweenMs(exporting)), signal);
  }
}

const betweenMs = ({ gate: { stability } }: Exporting): number =>
  stability.spanMs / Math.max(1, stability.looks - 1);

/** Undefined when it was interrupted: such a look saw nothing. */
async function seen(
  { look, exporting, signal }: Watching,
  before: Memory,
): Promise<(Omit<Exported, 'samples'> & { readonly text: string }) | undefined> {
  const facts = await look(signal);
  if (signal.aborted) return undefined;
  const { samples, ...told } = exported(exporting, before, facts);
  return { ...told, text: await textOf(samples) };
}
