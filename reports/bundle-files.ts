/** Contents of a bundle's smaller files. Pure. */
import { nodeOfBrick, pathOfBrick } from '../harness/index.ts';
import type { BrickFacts, History, VolumeSnapshot } from '../harness/index.ts';
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

/** Each brick's attributes in every snapshot, as `getfattr -e hex --absolute-names` prints them, by file name; `healproof inspect` reads them. A brick that was not seen has no file. */
export function attributeFiles(history: History): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, { bricks }] of snapshotFiles(history)) {
    for (const facts of bricks) {
      const dump = getfattrText(facts);
      if (dump === '') continue;
      files.set(`${name.replace(/\.json$/, '')}-${nodeOfBrick(facts.brick)}.getfattr.txt`, dump);
    }
  }
  return files;
}

function getfattrText(facts: BrickFacts): string {
  if (!facts.seen) return '';
  const root = pathOfBrick(facts.brick);
  return facts.files
    .map(({ path, xattrs }) => {
      const lines = Object.entries(xattrs).map(([name, hex]) => `${name}=0x${hex}\n`);
      return `# file: ${octal(root + (path === '/' ? '' : path))}\n${lines.join('')}\n`;
    })
    .join('');
}

/** As getfattr writes a path that would break its lines. */
const octal = (path: string): string =>
  path.replace(/[\\\n\r]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);

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
evidence.html   the same for people: every finding, with the events that prove it
snapshots/      the volume at one moment: each file's attributes on each brick, heal info, disks;
                *.getfattr.txt: the attributes alone, as getfattr prints them
logs/           logs of all nodes and guests; private keys, passwords and tokens are taken out
                when the run is judged
timeline.svg    the history as a picture (timeline.png: the same, for places that show no SVG)
backlog.csv     entries to heal on each brick over time
access.html     who depends on whom, and what still stands in each state (access.svg: the
                state of the incident)

No verdict.json: the run was cut off before it was judged.
Judge it again without a lab: healproof recheck <this folder>
`;
