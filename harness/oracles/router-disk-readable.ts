/** At least one router has a readable disk at every moment. A router that forwards from memory over a dead disk does not count. */
import type { Event, History } from '../model/event.ts';
import type { RouterName } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Span } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { Samples } from './samples.ts';
import { between, list, many, seconds } from './say.ts';

export interface DiskLimits {
  /** Longest time without proof of a readable disk: a stalled write and the sampling of the guests. */
  readonly longestSeconds: number;
}

export function routerDiskReadable({ longestSeconds }: DiskLimits): Oracle {
  return {
    name: 'router-disk-readable',
    aspect: 'availability',
    means: `At every moment, but for ${longestSeconds} s, at least one router has a disk that it can really use`,
    evidence:
      'the times without: last acknowledged write, what each router or its QEMU said then, first write after',
    check: (history) => check(history, longestSeconds * 1000),
  };
}

/** What an event says about a router's disk. */
const READABLE = 0;
const LOST = 1;
/** The play may end in the middle of a short loss. */
const ENDING_MS = 1000;

/**
 * An fsync that returned 0 proves the disk at that moment; `disk=ok` of a heartbeat is what the guest believes, and proves
 * nothing while writes hang. So it counts only for a router that writes nothing.
 */
function sign(event: Event, writes: (name: RouterName) => boolean): number | undefined {
  switch (event.kind) {
    case 'write-acknowledged':
      return READABLE;
    case 'write-failed':
      return LOST;
    case 'heartbeat':
      if (event.disk === 'failed') return LOST;
      return event.disk === 'ok' && !writes(event.router) ? READABLE : undefined;
    case 'guest':
      return event.says === 'panic' || event.says === 'bootfail' ? LOST : undefined;
    case 'vm':
      return event.state === 'running' || event.state === 'migrating-in' ? undefined : LOST;
    default:
      return undefined;
  }
}

function check(history: History, limitMs: number): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const specs = frame.spec?.routers ?? [];
  const silent = new Set(specs.filter(({ writeEveryMs }) => writeEveryMs === 0).map(({ name }) => name));
  const index = new Map(specs.map(({ name }, i) => [name, i] as const));
  const signs = new Samples();
  for (const event of history) {
    if (!('router' in event)) continue;
    const router = index.get(event.router);
    const state = router === undefined ? undefined : sign(event, (name) => !silent.has(name));
    if (router !== undefined && state !== undefined) signs.push(event.atMs, router * 2 + state, event.seq);
  }
  const window = frame.disturb ?? { fromMs: 0, toMs: 0 };
  const sweep = new Sweep(
    specs.map(({ name }) => name),
    window,
    limitMs,
    found,
  );
  signs.each((atMs, state, seq) => sweep.see(atMs, state >> 1, state & 1, seq));
  sweep.end();
  return found.conclude(frame, {
    broken: () => `the routers were without a disk: ${found.summary()}`,
    holds: () =>
      `some router could always use its disk; the longest time without proof was ${seconds(sweep.longestMs)}`,
    looked: sweep.looked,
  });
}

/** Goes through the signs of all routers in order of time. */
class Sweep {
  looked = 0;
  longestMs = 0;
  readonly #names: readonly RouterName[];
  readonly #window: Span;
  readonly #limitMs: number;
  readonly #found: Case;
  readonly #lostSince: ({ readonly atMs: number; readonly seq: number } | undefined)[];
  #provenMs: number;
  #provenSeq: number | undefined;

  constructor(names: readonly RouterName[], window: Span, limitMs: number, found: Case) {
    this.#names = names;
    this.#window = window;
    this.#limitMs = limitMs;
    this.#found = found;
    this.#lostSince = names.map(() => undefined);
    this.#provenMs = window.fromMs;
  }

  see(atMs: number, router: number, state: number, seq: number): void {
    if (atMs > this.#window.toMs) return;
    if (atMs >= this.#window.fromMs) this.looked += 1;
    if (state === LOST) {
      this.#lostSince[router] ??= { atMs, seq };
      return;
    }
    if (atMs > this.#window.fromMs) this.#judge(atMs, seq);
    this.#lostSince[router] = undefined;
    this.#provenMs = Math.max(atMs, this.#window.fromMs);
    this.#provenSeq = seq;
  }

  end(): void {
    const { toMs } = this.#window;
    const gapMs = toMs - this.#provenMs;
    this.#judge(toMs, undefined);
    const isLost = this.#lostSince.length > 0 && this.#lostSince.every((since) => since !== undefined);
    // What is not too long yet has not ended either.
    if (isLost && gapMs > ENDING_MS && gapMs <= this.#limitMs)
      this.#found.doubt(`no router had a readable disk when the play ended, ${seconds(gapMs)} long by then`);
  }

  /** The time since the last proof ends now: was every router known to be without disk, or did just nobody say anything? */
  #judge(atMs: number, seq: number | undefined): void {
    const gapMs = atMs - this.#provenMs;
    this.longestMs = Math.max(this.longestMs, gapMs);
    if (gapMs <= this.#limitMs) return;
    const lost = this.#lostSince.filter((since) => since !== undefined);
    const fromMs = Math.max(this.#window.fromMs, ...lost.map((since) => since.atMs));
    if (lost.length === this.#names.length && lost.length > 0 && atMs - fromMs > this.#limitMs) {
      const [first, ...more] = lost;
      this.#found.find({
        what: `no router had a readable disk ${between(fromMs, atMs)} (${list(this.#names)})`,
        evidence: evidence(first?.seq ?? 0, this.#provenSeq, ...more.map((since) => since.seq), seq),
        atMs: fromMs,
        untilMs: atMs,
      });
    } else
      this.#found.doubt(
        `nothing proves a readable router disk ${between(this.#provenMs, atMs)}: ` +
          `${many(lost.length, 'router')} of ${this.#names.length} known to be without`,
      );
  }
}
