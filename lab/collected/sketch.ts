/** Tells whether two big sets have anything in common, from a few hundred of their members: those with the smallest hashes. */

const KEPT = 512;

/** FNV-1a over the characters. */
export function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

export class Sketch {
  readonly #kept = new Set<number>();
  #largest = 0;
  /** How many members were added. */
  size = 0;

  add(member: string): void {
    this.size += 1;
    const hash = hashOf(member);
    if (this.#kept.size >= KEPT && hash >= this.#largest) return;
    this.#kept.add(hash);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#largest);
    this.#largest = Math.max(...this.#kept);
  }

  /** False means that they have nothing, or next to nothing, in common. */
  meets(other: Sketch): boolean {
    return [...this.#kept].some((hash) => other.#kept.has(hash));
  }
}
