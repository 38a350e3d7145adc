/** When a router's disk was restored from backup: what was on the bricks before is gone then, and so is what came after the backup. */
import type { Event, EventOf } from '../model/event.ts';
import type { RouterName } from '../model/names.ts';

export interface Restore {
  readonly router: RouterName;
  readonly backup: EventOf<'backup'>;
  readonly step: EventOf<'step-began'>;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Feed it every event; it answers the restores that an event begins. */
export class RestoreWatch {
  readonly #backups: EventOf<'backup'>[] = [];

  see(event: Event): readonly Restore[] {
    if (event.kind === 'backup') this.#backups.push(event);
    if (event.kind !== 'step-began' || this.#backups.length === 0) return [];
    const restored = new Map<RouterName, Restore>();
    for (const backup of this.#backups)
      if (mentions(event.command, backup.file))
        restored.set(backup.router, { router: backup.router, backup, step: event });
    return [...restored.values()];
  }
}

/** A command that names the file and is no backup itself (`vzdump` writes it, `qmrestore` and `cp FILE …` read it). */
function mentions(command: string, file: string): boolean {
  return command.includes(baseName(file)) && !/\bvzdump\s/.test(command);
}
