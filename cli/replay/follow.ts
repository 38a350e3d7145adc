/** Prints what is appended to a file, as it comes: stories run in a process of their own and tell their progress there. */
import { closeSync, openSync, readSync } from 'node:fs';

const LOOK_EVERY_MS = 200;

export function follow(path: string, say: (text: string) => void): { end(): Promise<void> } {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  let at = 0;
  const look = (): void => {
    for (;;) {
      const read = readSync(file, buffer, 0, buffer.length, at);
      if (read === 0) return;
      at += read;
      say(buffer.toString('utf8', 0, read));
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    end: async () => {
      clearInterval(timer);
      look();
      closeSync(file);
      await Promise.resolve();
    },
  };
}
