/**
 * A process that outlives the run by seconds. It waits until its standard input ends, which the kernel sees to however the run ends,
 * SIGKILL included, and then removes whatever the run left on the engine.
 */
import { spawn } from 'node:child_process';
import { Engine } from './connection.ts';
import { sweepRun } from './sweep.ts';

/** A machine's start takes the engine half a second. */
const START_MS = 1500;

/** Starts the janitor. `dismiss` ends it after a clean teardown; without it, it sweeps when this process is gone. */
export function startJanitor(host: string, run: string): { dismiss(): void } {
  const child = spawn(process.execPath, [import.meta.filename, host, run], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as typeof child.stdin & { unref?: () => void }).unref?.();
  return { dismiss: () => void child.stdin.end('done\n') };
}

async function main(host: string, run: string): Promise<void> {
  // A terminal's Ctrl-C reaches the whole process group; the janitor has work to do exactly then.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  let said = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) said += String(chunk);
  if (said.startsWith('done')) return;
  const engine = new Engine({ host });
  // The engine may still be starting a machine that the dead run asked for; one that is removed in mid-start leaves its networks in use.
  await new Promise((resolve) => setTimeout(resolve, START_MS));
  // A request that the engine had already accepted may still be creating; look twice.
  for (const withinMs of [60_000, 30_000]) {
    // An engine that does not answer now may a little later.
    await sweepRun(engine, run, withinMs).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

const [host, run] = process.argv.slice(2);
if (import.meta.main && host !== undefined && run !== undefined) await main(host, run);
