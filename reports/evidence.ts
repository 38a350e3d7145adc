/** The findings of a run with the events that prove them, as one page that needs nothing else. Pure. */
import type { Event, Finding, History, PreciseFinding, VolumeSnapshot } from '../harness/index.ts';
import type { About } from './about.ts';
import type { VerdictFile } from './run-result.ts';
import { escape } from './timeline/svg.ts';

/** A finding that names thousands of events is proven by the first ones; all numbers are in verdict.json. */
const QUOTED = 20;
/** Snapshots are long; they are files of their own in the bundle. */
const LONGEST = 1_500;

/**
 * HTML with every oracle's answer, and each finding with the events that prove it, folded up in place. Not by links within the page: the
 * report shows it in a frame without scripts and without an origin, where browsers follow none.
 */
export function evidenceHtml(
  about: About,
  { judgements, verdict, because }: VerdictFile,
  history: History,
): string {
  const quoted = new Set<number>();
  const oracles = judgements.map(({ name, aspect, verdict: kind, because: why, findings = [] }) => {
    const list = findings.map((finding) => findingItem(finding, history, quoted)).join('');
    return (
      `<h2 id="${escape(name)}"><b class="${kind}">${kind}</b> ${escape(name)} <small>${aspect}</small></h2>` +
      `<p>${escape(why)}</p>${list === '' ? '' : `<ol>${list}</ol>`}`
    );
  });
  return page(
    `${about.title}, run ${about.id}`,
    `<h1><b class="${verdict}">${verdict}</b> ${escape(about.title)}</h1><p>${escape(because)}</p>` +
      `<p>Run ${escape(about.id)} of ${escape(about.scenario)}. Times are seconds since the run began; #n is line n + 1 of history.ndjson.</p>` +
      oracles.join('\n'),
  );
}

/** `quoted`: events that have their place in the page already. */
function findingItem(finding: Finding, history: History, quoted: Set<number>): string {
  const { what, evidence } = finding;
  const shown = evidence.slice(0, QUOTED);
  const events = shown.map((seq) => {
    const event = history[seq];
    if (event === undefined) return `<p>#${seq} (not in this history)</p>`;
    const place = quoted.has(seq) ? '' : ` id="e${seq}"`;
    quoted.add(seq);
    return eventItem(event, place);
  });
  const more = evidence.length > shown.length ? `<p>and ${evidence.length - shown.length} more</p>` : '';
  const place = [...placeOf(finding), evidence.length === 1 ? 'event' : 'events'].join(' · ');
  return `<li>${escape(what)}<br><small>${place}</small>${events.join('')}${more}${copiesTable(finding, history)}</li>`;
}

/** Where to look, of a finding that says so. */
function placeOf({ file, brick, node, router, atMs, untilMs }: PreciseFinding): readonly string[] {
  const until = untilMs === undefined || untilMs === atMs ? '' : ` to ${inSeconds(untilMs)}`;
  return [
    ...(file === undefined ? [] : [`file <code>${escape(file)}</code>`]),
    ...[brick, node, router].flatMap((name) => (name === undefined ? [] : [escape(name)])),
    ...(atMs === undefined ? [] : [`${inSeconds(atMs)}${until}`]),
  ];
}

/** The file that a finding is about, as each brick held it in the first snapshot that proves it. */
function copiesTable({ file, evidence }: PreciseFinding, history: History): string {
  const event = evidence.map((seq) => history[seq]).find((one) => one?.kind === 'observed');
  if (file === undefined || event === undefined) return '';
  const rows = event.snapshot.bricks.map((brick) => copyRow(brick, file));
  return rows.every((row) => row === '')
    ? ''
    : `<table><tr><th>brick</th><th>size</th><th>changed</th><th>sha256</th><th>attributes</th></tr>${rows.join('')}</table>`;
}

const QUIET = /^0+$/;

function copyRow(facts: VolumeSnapshot['bricks'][number], path: string): string {
  const row = (...cells: string[]): string =>
    `<tr>${[facts.brick, ...cells].map((text) => `<td>${escape(text)}</td>`).join('')}</tr>`;
  if (!facts.seen) return row('', '', '', `not seen: ${facts.because}`);
  const copy = facts.files.find((one) => one.path === path);
  if (copy === undefined) return row('', '', '', 'has no such name');
  const words = Object.entries(copy.xattrs)
    .filter(([name, hex]) => name === 'trusted.gfid' || (name.startsWith('trusted.afr.') && !QUIET.test(hex)))
    .map(([name, hex]) => `${name}=0x${hex}`);
  const changed = new Date(copy.mtimeMs).toISOString().slice(11, 23);
  return row(String(copy.size), changed, copy.sha256?.slice(0, 12) ?? 'not read', words.join('\n'));
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const seconds = ({ atMs }: Event): string => inSeconds(atMs);

function eventItem(event: Event, place: string): string {
  const { seq, atMs: _atMs, kind, ...fields } = event;
  const text = JSON.stringify(kind === 'observed' ? shortened(event) : fields);
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
  return `<details${place}><summary>#${seq} at ${seconds(event)}: ${kind}</summary><code>${escape(shown)}</code></details>`;
}

/** All of it is in the bundle; here only what was looked at. */
function shortened({
  snapshot: { label, bricks, disks, cli },
}: Extract<Event, { kind: 'observed' }>): object {
  return {
    snapshot: label,
    bricks: bricks.map((one) =>
      one.seen ? `${one.brick}: ${one.files.length} files` : `${one.brick}: ${one.because}`,
    ),
    disks: disks.length,
    healInfo: cli.seen ? `from ${cli.from}` : cli.because,
    file: `snapshots/${label}.json`,
  };
}

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>
body { font: 15px/1.5 Inter, system-ui, sans-serif; color: #1b1f24; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin-top: 1.8rem; border-top: 1px solid #d8dee4; padding-top: 1rem }
small, summary, li > p { color: #57606a; font-size: .8em } li > p { margin: 0 } summary { cursor: pointer } details[open] > summary, details:target > summary { background: #fbe7b8 } code { overflow-wrap: anywhere }
b { color: #fff; border-radius: 1em; padding: .1em .7em; font-size: .8em; text-transform: uppercase }
table { border-collapse: collapse; font-size: .8em; margin: .4rem 0 } td, th { text-align: left; padding: .15em .9em .15em 0; border-bottom: 1px solid #d8dee4; vertical-align: top; white-space: nowrap }
td:last-child { white-space: pre-wrap; overflow-wrap: anywhere }
.holds { background: #009e73 } .broken { background: #d55e00 } .unknown { background: #57606a }
</style></head><body>
${body}
</body></html>
`;
