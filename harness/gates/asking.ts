/** A gate as an operator puts it together: a profile, a soak, and conditions left out by name. */
import type { Condition } from './condition.ts';
import type { Profile } from './facts.ts';
import type { Gate, Stability } from './gate.ts';
import { CONDITIONS } from './gates.ts';

export interface Asking {
  readonly profile: Profile;
  /** For how long all must have been well, milliseconds; 0: as short as the profile allows. */
  readonly soakMs: number;
  /** Codes or names; empty: all that the profile can judge. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

const ORDER: readonly Profile[] = ['fast', 'full', 'deep'];
/** One look proves nothing: a live writer and a wound look the same in it. */
const SHORTEST: Readonly<Record<Profile, Stability>> = {
  fast: { looks: 3, spanMs: 1000, gapMs: 30_000 },
  full: { looks: 3, spanMs: 2000, gapMs: 60_000 },
  deep: { looks: 2, spanMs: 2000, gapMs: 600_000 },
};
/** Looks in a soak, however long: a look may hold thousands of files. */
const SOAK_LOOKS = 20;

/** @throws for a name that no condition has, and when nothing is left to judge. */
export function gateFor({ profile, soakMs, only, skip }: Asking): Gate {
  for (const name of [...only, ...skip]) conditionNamed(name);
  const reach = ORDER.indexOf(profile);
  const within = CONDITIONS.filter((one) => ORDER.indexOf(one.needs) <= reach);
  const [first, ...rest] = within.filter(
    (one) =>
      (only.length === 0 || only.some((name) => isNamed(one, name))) &&
      !skip.some((name) => isNamed(one, name)),
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

function stabilityOf(profile: Profile, soakMs: number): Stability {
  const shortest = SHORTEST[profile];
  if (soakMs <= shortest.spanMs) return shortest;
  const everyMs = soakMs / (SOAK_LOOKS - 1);
  return { looks: SOAK_LOOKS, spanMs: soakMs, gapMs: Math.max(shortest.gapMs, everyMs * 3) };
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
