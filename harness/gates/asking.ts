/** A gate as an operator puts it together: a profile, a soak, and conditions left out by name. */
import type { Condition } from './condition.ts';
import type { Profile } from './facts.ts';
import type { Gate, Stability } from './gate.ts';
import { CONDITIONS, SLOW } from './gates.ts';

/** The one condition that writes. */
const CANARY = 'C4';

export interface Asking {
  readonly profile: Profile;
  /** For how long nodes and bricks must have been up and logs quiet, milliseconds; also how long it is watched, up to two minutes. */
  readonly soakMs: number;
  /** Whether a file may be written through the mounts (C4). */
  readonly canary?: boolean;
  /** Codes or names; empty: all that the profile can judge. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

const ORDER: readonly Profile[] = ['fast', 'full', 'deep'];
/** One look proves nothing: a live writer and a wound look the same in it. */
const SHORTEST: Readonly<Record<Profile, Stability>> = {
  fast: { looks: 3, spanMs: 1000, gapMs: 30_000, soakMs: 0 },
  full: { looks: 3, spanMs: 2000, gapMs: 60_000, soakMs: 0 },
  deep: { looks: 2, spanMs: 2000, gapMs: 600_000, soakMs: 0 },
};
/** A change log settles within a second (cluster.post-op-delay-secs): two minutes see a hundred writers come and go. */
const LONGEST_WATCH_MS = 120_000;
const WATCH_LOOKS = 5;

/** @throws for a name that no condition has, and when nothing is left to judge. */
export function gateFor({ profile, soakMs, only, skip, canary = false }: Asking): Gate {
  for (const name of [...only, ...skip]) conditionNamed(name);
  const reach = ORDER.indexOf(profile);
  const within = CONDITIONS.filter(
    (one) => ORDER.indexOf(one.needs) <= reach && (one.code !== CANARY || canary),
  );
  const named = (one: Condition): boolean => only.some((name) => isNamed(one, name));
  // Without a soak there is nothing that uptimes and logs could be held against, and a fast answer is wanted.
  const isSlow = (one: Condition): boolean => profile === 'fast' && soakMs === 0 && SLOW.includes(one.code);
  const [first, ...rest] = within.filter(
    (one) => (only.length === 0 ? !isSlow(one) : named(one)) && !skip.some((name) => isNamed(one, name)),
  );
  if (first === undefined) {
    throw new Error(
      `nothing is left to judge: profile ${profile} can judge ${within.map((one) => one.code).join(', ')}, and --only or --skip leave them out`,
    );
  }
  return {
    name: profile,
    says: 'may the node go down now?',
    profile,
    stability: stabilityOf(profile, soakMs),
    conditions: [first, ...rest],
  };
}

/** What a soak of ten minutes asks for shows in uptimes and logs, without looking on for ten minutes. */
function stabilityOf(profile: Profile, soakMs: number): Stability {
  const shortest = SHORTEST[profile];
  if (soakMs <= shortest.spanMs) return { ...shortest, soakMs };
  const spanMs = Math.min(soakMs, LONGEST_WATCH_MS);
  const everyMs = spanMs / (WATCH_LOOKS - 1);
  return { looks: WATCH_LOOKS, spanMs, gapMs: Math.max(shortest.gapMs, everyMs * 3), soakMs };
}

/** @throws with all codes for a name that no condition has. */
export function conditionNamed(name: string): Condition {
  const found = CONDITIONS.find((one) => isNamed(one, name));
  if (found === undefined) {
    throw new Error(
      `there is no condition ${name}; there are ${CONDITIONS.map((one) => `${one.code} ${one.name}`).join(', ')}`,
    );
  }
  return found;
}

const isNamed = ({ code, name }: Condition, wanted: string): boolean =>
  code.toLowerCase() === wanted.toLowerCase() || name === wanted;
