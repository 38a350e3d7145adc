/** Contents of a bundle's smaller files. Pure. */
import type { History, VolumeSnapshot } from '../harness/index.ts';
import type { About } from './about.ts';

/** The heal backlog over time. Empty fields: the brick could not be read; `unseen` says why. */
export function backlogCsv(history: History): string {
  const rows = history.flatMap((event) => {
    if (event.kind !== 'backlog') return [];
    const { brick, counts } = event;
    const numbers = counts.seen
      ? [counts.xattrop, counts.dirty, counts.entryChanges, '']
      : ['', '', '', counts.because];
    return [[(event.atMs / 1000).toFixed(3), brick, ...numbers].map(csvField).join(',')];
  });
  return ['seconds,brick,pending,dirty,entry_changes,unseen', ...rows, ''].join('\n');
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Snapshots by file name; a label that comes twice gets a number. */
export function snapshotFiles(history: History): ReadonlyMap<string, VolumeSnapshot> {
  const files = new Map<string, VolumeSnapshot>();
  for (const event of history) {
    if (event.kind !== 'observed') continue;
    const safe = event.snapshot.label.replace(/[^\w-]+/g, '-') || 'snapshot';
    let name = safe;
    for (let n = 2; files.has(`${name}.json`); n += 1) name = `${safe}-${n}`;
    files.set(`${name}.json`, event.snapshot);
  }
  return files;
}

export const readmeText = (about: About): string => `One run of Healproof, and all that is known about it.

Scenario:  ${about.scenario} (${about.title})
Run:       ${about.id}
Procedure: ${about.procedure}
Volume:    ${about.volume}
Expected:  ${about.expected.verdict}${about.expected.broken.length === 0 ? '' : ` (${about.expected.broken.join(', ')})`}

run.json        what was to be played, with every setting of the site
history.ndjson  everything that happened, one event per line: seq (number of the event),
                atMs (milliseconds since the run began), kind, and the fields of that kind
verdict.json    what the oracles say about that history; findings name events by their seq
snapshots/      the volume at one moment: each file's attributes on each brick, heal info, disks
logs/           logs of all nodes and guests
timeline.svg    the history as a picture (timeline.png: the same, for places that show no SVG)
backlog.csv     entries to heal on each brick over time

No verdict.json: the run was cut off before it was judged.
Judge it again without a lab: healproof recheck <this folder>
`;
