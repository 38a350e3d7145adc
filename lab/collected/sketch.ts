/** Tells whether two big sets have anything in common, from a few hundred of their members: those with the smallest hashes. */

const KEPT = 512;

/** FNV-1a over the characters. */
export function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

export class Sketch {
  #kept = new Set<number>();
  #largest = Infinity;
  /** How many members were added. */
  size = 0;

  add(member: string): void {
    this.size += 1;
    const hash = hashOf(member);
    if (hash >= this.#largest) return;
    this.#kept.add(hash);
    if (this.#kept.size >= 2 * KEPT) this.#prune();
  }

  /** Now and then instead of each time: looking for the largest is what costs. */
  #prune(): void {
    const smallest = [...this.#kept].sort((a, b) => a - b).slice(0, KEPT);
    this.#kept = new Set(smallest);
    this.#largest = smallest.at(-1) ?? Infinity;
  }

  /** False means that they have nothing, or next to nothing, in common. */
  meets(other: Sketch): boolean {
    this.#prune();
    other.#prune();
    return [...this.#kept].some((hash) => other.#kept.has(hash));
  }
}
