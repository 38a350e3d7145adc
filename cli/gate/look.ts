/** One look for a gate: the nodes, what surrounds them, and the canary when it was asked for. */
import { canaryIsWell } from '../../harness/index.ts';
import type { Extra, GateFacts, NodeName, Profile, Shell, SiteDescription } from '../../harness/index.ts';
import { flyCanary, gateFacts, leaseFacts, lookAround } from '../../lab/on-site.ts';

export interface Looking {
  readonly shells: readonly Shell[];
  /** Undefined: no single node is about to go, and no canary flies. */
  readonly asked: NodeName | undefined;
  /** Who asks: a lease of theirs is not in their way. */
  readonly owner: string;
  readonly volume: string;
  readonly profile: Profile;
  readonly extras: ReadonlySet<Extra>;
  readonly description: SiteDescription;
  readonly images: readonly string[];
}

interface Flight {
  readonly of: GateFacts['surroundings']['canary'];
  /** Host epoch when it was back. */
  readonly atMs: number;
}

/** What hung since is not told by a canary that flew before. */
const OLDEST_CANARY_MS = 60_000;

/** A good one counts for a while; after any other one the next look flies another. */
const stillProves = ({ of, atMs }: Flight): boolean =>
  Date.now() - atMs < OLDEST_CANARY_MS && canaryIsWell(of);

/** Looks again at each call. A canary flies after a look has told where the volume is mounted. */
export function lookAt(looking: Looking): (signal: AbortSignal) => Promise<GateFacts> {
  const { shells, owner, volume, profile, extras, description, images } = looking;
  let canary: Flight | undefined;
  return async (signal) => {
    const [around, lease] = await Promise.all([
      lookAround(description, extras, signal),
      extras.has('lease') ? leaseFacts(shells, owner) : undefined,
    ]);
    const surroundings = { ...around, ...(lease === undefined ? {} : { lease }) };
    const facts = await gateFacts(shells, volume, profile, {
      signal,
      extras,
      folders: description.backups?.folders ?? [],
      sharedAddresses: description.routers?.addresses ?? [],
      surroundings,
      ...(images.length === 0 ? {} : { images }),
    });
    if (!extras.has('canary')) return facts;
    if (canary === undefined || !stillProves(canary))
      canary = { of: await fly(looking, facts, signal), atMs: Date.now() };
    return { ...facts, surroundings: { ...facts.surroundings, canary: canary.of } };
  };
}

/** Written on a node that stays up. */
async function fly(
  { shells, asked, description }: Looking,
  facts: GateFacts,
  signal: AbortSignal,
): Promise<GateFacts['surroundings']['canary']> {
  const flying = shells.filter((shell) => description.withoutMount?.includes(shell.node) !== true);
  const others = flying.filter((shell) => shell.node !== asked);
  const going = flying.filter((shell) => shell.node === asked);
  const mounts = facts.nodes.find((one) => one.node === others[0]?.node)?.mounts;
  const mount = mounts?.seen === true ? mounts.mounts[0]?.path : undefined;
  if (mount === undefined)
    return { seen: false, because: `${others[0]?.node ?? 'no node'} has not mounted the volume` };
  return flyCanary([...others, ...going], mount, signal);
}
