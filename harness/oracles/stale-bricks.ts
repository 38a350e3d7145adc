/** Which bricks may lack writes that others have, event by event. Pure. */
import type { Event, EventOf } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId, NodeName } from '../model/names.ts';

const linkOf = ({ seenBy, brick }: EventOf<'brick'>): string => `${seenBy} ${brick}`;

/** So long must every index read empty. Accusations of a brick that was away land late, when a writer lets its lock go. */
const CALM_MS = 1000;

/**
 * A brick that was away is stale from its return on, until the indices of all bricks have been empty for a while. While a writer
 * keeps its lock the others are dirty and the one that was away never is (see the oracle gate-honest): that is no proof of a heal.
 */
export class StaleBricks {
  readonly #bricks: readonly BrickId[];
  /** Which client has which brick: `pve1 pve2:/bricks/...`. */
  readonly #linked = new Set<string>();
  readonly #away = new Set<BrickId>();
  readonly #stale = new Set<BrickId>();
  readonly #counts = new Map<BrickId, EventOf<'backlog'>>();
  readonly #dirtySince = new Set<BrickId>();
  #emptySinceMs: number | undefined;

  constructor(bricks: readonly BrickId[]) {
    this.#bricks = bricks;
  }

  get stale(): readonly BrickId[] {
    return [...this.#stale];
  }

  /** Whether only this one is there and has every write, while others have something to be healed. */
  isLastGood(brick: BrickId): boolean {
    const good = this.#bricks.filter((each) => !this.#away.has(each) && !this.#stale.has(each));
    return this.#stale.size > 0 && good.length === 1 && good[0] === brick;
  }

  /** Entries in the index of a brick, as last read. */
  pendingOn(brick: BrickId): number | undefined {
    const counts = this.#counts.get(brick)?.counts;
    return counts?.seen === true ? counts.xattrop + counts.entryChanges : undefined;
  }

  see(event: Event): void {
    const leaving = this.leavingIn(event);
    if (leaving !== undefined) {
      this.#away.add(leaving);
      this.#forgetCalm();
    }
    if (event.kind === 'node' && event.state === 'down') this.#forgetViewFrom(event.node);
    if (event.kind === 'brick') this.#link(event);
    if (event.kind === 'backlog') this.#count(event);
  }

  /** The brick that goes away with this event: its node goes down, or a client of another node that had it loses it. */
  leavingIn(event: Event): BrickId | undefined {
    if (event.kind === 'node' && event.state === 'down')
      return this.#bricks.find((brick) => nodeOfBrick(brick) === event.node);
    if (event.kind !== 'brick' || event.connected || event.seenBy === nodeOfBrick(event.brick))
      return undefined;
    // A client that has just booted has lost nothing.
    return this.#linked.has(linkOf(event)) ? this.#bricks.find((brick) => brick === event.brick) : undefined;
  }

  #link(event: EventOf<'brick'>): void {
    if (event.connected) this.#linked.add(linkOf(event));
    else this.#linked.delete(linkOf(event));
    const byOther = event.seenBy !== nodeOfBrick(event.brick);
    if (event.connected && byOther && this.#away.delete(event.brick)) this.#stale.add(event.brick);
  }

  #forgetViewFrom(node: NodeName): void {
    for (const link of this.#linked) if (link.startsWith(`${node} `)) this.#linked.delete(link);
  }

  #forgetCalm(): void {
    this.#emptySinceMs = undefined;
    this.#dirtySince.clear();
    this.#counts.clear();
  }

  #count(event: EventOf<'backlog'>): void {
    this.#counts.set(event.brick, event);
    const pending = this.#bricks.map((brick) => this.pendingOn(brick));
    if (this.#away.size > 0 || pending.some((count) => count !== 0)) {
      this.#emptySinceMs = undefined;
      this.#dirtySince.clear();
      return;
    }
    this.#emptySinceMs ??= event.atMs;
    const { counts } = event;
    if (counts.seen && counts.dirty > 0) this.#dirtySince.add(event.brick);
    const shown = this.#dirtySince.size === 0 || [...this.#stale].every((each) => this.#dirtySince.has(each));
    if (shown && event.atMs - this.#emptySinceMs >= CALM_MS) this.#stale.clear();
  }
}
