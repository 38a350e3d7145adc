/** Asks the gate of a site, as often as it was told to, and prints the answer. */
import { extrasOfGate, gateFor, node, waitForGate } from '../../harness/index.ts';
import type { Ended, NodeName, Profile } from '../../harness/index.ts';
import { glance, realClock, theVolume, volumesOf } from '../../lab/on-site.ts';
import type { Site } from '../../lab/on-site.ts';
import type { Out } from '../out.ts';
import { leaseFor, refusedByLease } from './with-lease.ts';
import { siteFrom } from '../site/index.ts';
import type { SiteWords } from '../site/index.ts';
import type { Asked } from './answer.ts';
import { CODES, INTERRUPTED } from './codes.ts';
import { answerJson } from './json.ts';
import { lookAt } from './look.ts';
import { progressPrinter } from './progress.ts';
import { answerText } from './text.ts';
import { isIn, waiversOf } from './waivers.ts';

export interface Options extends SiteWords {
  readonly node?: string;
  readonly volume?: string;
  readonly profile: Profile;
  readonly wait?: number;
  readonly soak?: number;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly waive: readonly string[];
  readonly images: readonly string[];
  readonly lease: boolean;
  readonly owner: string;
  readonly leaseTtl: number;
  readonly canary: boolean;
  readonly json: boolean;
  readonly printCommands: boolean;
  readonly explain: boolean;
}

/** Time between looks while something is pending. `full` walks the index by heal info, which the bricks feel. */
const EVERY_MS: Readonly<Record<Profile, number>> = { fast: 2000, full: 5000, deep: 60_000 };

/** @throws with a sentence for the person when the question makes no sense. */
export async function ask(options: Options, out: Out, signal: AbortSignal): Promise<number> {
  await using site = await siteFrom(options);
  const asked = nodeOf(options, site);
  const gate = gateFor({
    profile: options.profile,
    soakMs: options.soak ?? 0,
    only: options.only,
    skip: options.skip,
    canary: options.canary,
  });
  const description = site.description(asked);
  const waivers = waiversOf(options.waive, site, asked);
  const found = theVolume(await volumesOf(site.shells(), signal), options.volume ?? site.volume);
  if (signal.aborted) return INTERRUPTED;
  if (!found.seen) throw new Error(`which volume: ${found.because}`);
  const { seen: _, ...volume } = found;
  const stallMs = 2 * volume.healTimeoutMs;
  await using lease = options.lease ? await leaseFor(options, site, asked, signal) : undefined;
  if (lease?.refused !== undefined) return refusedByLease(lease.refused, options, out);
  const progress = progressPrinter({ on: options.wait !== undefined || options.soak !== undefined, out });
  const ended = await waitForGate({
    gate,
    question: { node: asked, waivers: waivers.filter((one) => isIn(gate, one)), site: description },
    look: lookAt({
      shells: site.shells(),
      asked,
      owner: options.owner,
      volume: volume.name,
      profile: gate.profile,
      extras: extrasOfGate(gate),
      description,
      images: options.images,
    }),
    glance: (stop) => glance(site.shells(), volume.name, stop),
    clock: realClock,
    signal: lease?.signal ?? signal,
    waitMs: options.wait ?? 0,
    everyMs: EVERY_MS[gate.profile],
    stallMs,
    told: progress.told,
  });
  progress.end();
  if (lease?.lost !== undefined) throw new Error(`the lease is lost while asking: ${lease.lost}`);
  const exitCode = exitCodeOf(ended);
  const kept = exitCode === 0 ? await lease?.keep() : undefined;
  if (kept?.kind === 'lost') throw new Error(`the lease is lost while asking: ${kept.because}`);
  const answer: Asked = { node: asked, volume, gate, waivers, ended, exitCode, stallMs };
  if (options.json) out.line(JSON.stringify(answerJson(answer), null, 2));
  else for (const line of answerText(answer, out.colour)) out.line(line);
  if (lease !== undefined && kept !== undefined && !options.json) out.line(lease.told(kept.leftMs));
  return exitCode;
}

export function exitCodeOf({ because, answer }: Pick<Ended, 'because' | 'answer'>): number {
  if (because === 'interrupted') return INTERRUPTED;
  // Waiting alone does not open it, so whoever waits must be told no.
  return because === 'stalled' && answer.kind === 'held' ? CODES.refused : CODES[answer.kind];
}

function nodeOf({ node: name }: Options, site: Site): NodeName {
  const nodes = site.shells().map((shell) => shell.node);
  if (name === undefined)
    throw new Error(`which node is to go down? Give --node; there are ${nodes.join(', ')}`);
  if (!nodes.includes(node(name)))
    throw new Error(
      `--node ${name} is not among the hosts (${nodes.join(', ')}): every node has to be asked`,
    );
  return node(name);
}
