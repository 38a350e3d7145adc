/** A socket in front of the engine's own, which can be taken away as if the engine had been stopped, and given back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class CuttableEngine implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), 'healproof-engine-'));
  readonly #path = join(this.#dir, 'docker.sock');
  readonly #real: string;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  /** `host`: the engine's, such as `unix:///var/run/docker.sock`. */
  constructor(host: string) {
    if (!host.startsWith('unix://')) throw new Error(`only a unix socket can be cut, not ${host}`);
    this.#real = host.slice('unix://'.length);
  }

  get host(): string {
    return `unix://${this.#path}`;
  }

  async start(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const engine = connect({ path: this.#real, allowHalfOpen: true });
      for (const [from, to] of [
        [client, engine],
        [engine, client],
      ] as const) {
        this.#open.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#open.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(this.#path, resolve));
    this.#server = server;
  }

  /** Every connection breaks, and no new one is taken. */
  cut(): void {
    this.#server?.close();
    for (const socket of this.#open) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.cut();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
