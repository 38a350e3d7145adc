/** What was broken at a moment of a run, by the names that the access graph has for it. Pure. */
import type { History } from '../model/event.ts';
import type { SiteSpec } from '../model/site.ts';
import { nodeStates, UP } from './reboots.ts';
import { Samples } from './samples.ts';

/** Routers beat twice a second; one that has been silent for this long routes nothing. */
export const SILENT_MS = 2500;

export class BrokenThings {
  readonly #spec: SiteSpec;
  readonly #nodes: ReturnType<typeof nodeStates>;
  readonly #beats = new Map<string, Samples>();

  constructor(history: History, spec: SiteSpec) {
    this.#spec = spec;
    this.#nodes = nodeStates(history);
    for (const { name } of spec.routers) this.#beats.set(name, new Samples());
    for (const event of history)
      if (event.kind === 'heartbeat') this.#beats.get(event.router)?.push(event.atMs, 0, event.seq);
  }

  /** Nodes that were not up and routers that gave no sign of life. */
  at(atMs: number): readonly string[] {
    return [
      ...this.#spec.nodes.filter((node) => (this.#nodes.get(node)?.before(atMs)?.state ?? UP) !== UP),
      ...this.#spec.routers
        .map(({ name }) => name)
        .filter((name) => atMs - (this.#beats.get(name)?.before(atMs)?.atMs ?? -Infinity) > SILENT_MS),
    ];
  }
}
