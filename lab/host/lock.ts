/** One process at a time, over all processes of this machine. */
import { createHash } from 'node:crypto';
import net from 'node:net';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The lock is a listening socket in Linux's abstract namespace: the kernel lets one process have it and takes it back
 * when that process ends, however it ends. So there are no stale locks to detect and no file to clean up.
 */
const addressOf = (name: string): string =>
  `\0healproof/${basename(name)}/${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;

function tryToHold(address: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((asker) => {
      asker.on('error', () => undefined);
      asker.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server.unref()));
  });
}

/** The pid of who holds the lock, or undefined when that one has just ended or is too busy to say. */
function askHolder(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const asker = net.connect(address);
    asker.setTimeout(1000, () => asker.destroy());
    asker.on('data', (chunk) => (said += chunk.toString()));
    asker.on('error', () => undefined);
    asker.on('close', () => resolve(Number(said) || undefined));
  });
}

export interface LockOptions {
  readonly limitMs: number;
  /** What is being done under the lock, for the error message. */
  readonly what: string;
  /** Called once when somebody else has it. */
  readonly onWait?: (holder: string) => void;
}

/** Waits for the lock called `name` (a path that all contenders share) and holds it until disposed. */
export async function lock(name: string, { limitMs, what, onWait }: LockOptions): Promise<AsyncDisposable> {
  const address = addressOf(name);
  const deadline = performance.now() + limitMs;
  let told = false;
  for (;;) {
    const server = await tryToHold(address);
    if (server)
      return { [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())) };
    const pid = await askHolder(address);
    const holder = pid === undefined ? 'another process' : `process ${pid}`;
    if (!told) onWait?.(holder);
    told = true;
    if (performance.now() > deadline)
      throw new Error(
        `${what}: ${holder} has been at it for more than ${Math.round(limitMs / 1000)} s, and only one may. If it hangs, end it and try again.`,
      );
    await pause(200);
  }
}
