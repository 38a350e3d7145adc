/** A file for node exporter's textfile collector. */
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Replaced at once: the collector reads whenever it likes, and takes files that end in `.prom` only. @throws when it can't be written. */
export function writeTextfile(file: string, text: string): void {
  const fresh = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    writeFileSync(fresh, text);
    // Whatever root's umask: node exporter is somebody else.
    chmodSync(fresh, 0o644);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
