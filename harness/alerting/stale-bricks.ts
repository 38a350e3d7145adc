/** Which bricks may lack writes that others have, event by event. Pure. */
import type { Event, EventOf } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId } from '../model/names.ts';

/** So long must every index read empty. Accusations of a brick that was away land late, when a writer lets its lock go. */
const CALM_MS = 1000;

/**
 * A brick that was away is stale from its return on, until the indices of all bricks have been empty for a while. While a writer
 * keeps its lock the others are dirty and the one that was away never is (see the oracle gate-honest): that is no proof of a heal.
 */
export class StaleBricks {
  readonly #bricks: readonly BrickId[];
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
    if (event.kind === 'node' && event.state === 'down')
      for (const brick of this.#bricks) if (nodeOfBrick(brick) === event.node) this.#leaves(brick);
    if (event.kind === 'brick' && event.seenBy !== nodeOfBrick(event.brick)) {
      if (!event.connected) this.#leaves(event.brick);
      else if (this.#away.delete(event.brick)) this.#stale.add(event.brick);
    }
    if (event.kind === 'backlog') this.#count(event);
  }

  #leaves(brick: BrickId): void {
    if (this.#bricks.includes(brick)) this.#away.add(brick);
    this.#forgetCalm();
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
