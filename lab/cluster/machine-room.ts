/** Power in the lab: a node that goes down by itself comes back after the modelled boot time, as a server does after `reboot`. */
import { node as nodeName } from '../../harness/index.ts';
import type { NodeName } from '../../harness/index.ts';
import { powerOn, watchPower } from '../docker/index.ts';
import type { Engine, Machine } from '../docker/index.ts';
import type { Tell } from '../evidence/tell.ts';

export class MachineRoom implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #nodes: ReadonlyMap<string, { machine: Machine; node: NodeName }>;
  readonly #tell: Tell;
  readonly #bootSeconds: number;
  readonly #closed = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #dead = new Set<NodeName>();
  readonly #starting = new Set<Promise<void>>();

  constructor(engine: Engine, nodes: readonly Machine[], tell: Tell, bootSeconds: number) {
    this.#engine = engine;
    this.#nodes = new Map(
      nodes.map((machine) => [machine.name, { machine, node: nodeName(machine.hostname) }]),
    );
    this.#tell = tell;
    this.#bootSeconds = bootSeconds;
  }

  async open(run: string): Promise<void> {
    await watchPower(
      this.#engine,
      run,
      ({ machine: name, change, epochMs }) => {
        const found = this.#nodes.get(name);
        if (found === undefined || this.#closed.signal.aborted) return;
        this.#tell({ kind: 'node', node: found.node, state: change === 'die' ? 'down' : 'booting' }, epochMs);
        if (change === 'die') this.#bootLater(found.machine, found.node);
      },
      this.#closed.signal,
    );
  }

  /** A node that will not come back from its next shutdown. */
  breakNode(node: NodeName): void {
    this.#dead.add(node);
  }

  #bootLater(machine: Machine, node: NodeName): void {
    if (this.#dead.has(node)) {
      this.#tell({ kind: 'note', text: `${node} does not come back: its power supply is broken` });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const starting = this.#boot(machine, node).finally(() => this.#starting.delete(starting));
      this.#starting.add(starting);
    }, this.#bootSeconds * 1000);
    this.#timers.add(timer);
  }

  async #boot(machine: Machine, node: NodeName): Promise<void> {
    try {
      await powerOn(this.#engine, machine);
    } catch (error) {
      if (!this.#closed.signal.aborted)
        this.#tell({ kind: 'aborted', because: `${node} could not be powered on: ${String(error)}` });
    }
  }

  /** Waits for machines that are being started: one that is removed in the middle of its start leaves its networks in use for ever (Docker 20.10). */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#starting);
  }
}
