/** The inspection as a person reads it. */
import type {
  Choice,
  FileState,
  FileVerdict,
  ImageVerdict,
  Inspection,
  Judged,
} from '../../harness/index.ts';
import { FILE_STATES, stateRank, STRAY_BYTE } from '../../harness/index.ts';

/** Files shown in full; the others are counted, and --json lists them all. */
const SHOWN_PER_STATE = 50;
/** Where a brick is missing, all files are undecidable, and alike. */
const SHOWN_UNDECIDABLE = 10;
const mostShown = (state: FileState): number =>
  state === 'undecidable' ? SHOWN_UNDECIDABLE : SHOWN_PER_STATE;

/** Keeps what is shown in full, so many of each state. */
export class Shown {
  readonly #judged: Judged[] = [];
  readonly #counts = new Map<FileState, number>();

  add(judged: Judged): void {
    const { state } = judged.verdict;
    const notable = state !== 'clean' || judged.verdict.notes.length > 0;
    const count = (this.#counts.get(state) ?? 0) + (notable ? 1 : 0);
    this.#counts.set(state, count);
    if (notable && count <= mostShown(state)) this.#judged.push(judged);
  }

  /** Worst first, then by path. */
  worstFirst(): readonly Judged[] {
    return [...this.#judged].sort(
      (a, b) =>
        stateRank(b.verdict.state) - stateRank(a.verdict.state) || (a.verdict.path < b.verdict.path ? -1 : 1),
    );
  }

  notShown(): number {
    return [...this.#counts].reduce((sum, [state, n]) => sum + Math.max(0, n - mostShown(state)), 0);
  }
}

export function inspectionText(inspection: Inspection, shown: Shown): string {
  const counts = FILE_STATES.filter((s) => inspection.states[s] > 0).map(
    (s) => `${inspection.states[s]} ${s}`,
  );
  const parts = [
    `volume ${inspection.volume}, bricks ${inspection.bricks.map(printable).join(', ')}`,
    `${inspection.worst.toUpperCase()}: ${counts.length === 0 ? 'no file was seen' : counts.join(', ')}`,
    ...inspection.images.map(imageText),
    ...shown.worstFirst().map(fileText),
    ...(shown.notShown() > 0 ? [`… and ${shown.notShown()} more files; --json lists them all`] : []),
    ...(inspection.order.length === 0
      ? []
      : [['safest order', ...inspection.order.map((step, i) => `  ${i + 1}. ${step}`)].join('\n')]),
    ...(inspection.notes.length === 0
      ? []
      : [['notes', ...inspection.notes.map((n) => `  - ${printable(n)}`)].join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function imageText(image: ImageVerdict): string {
  const down = Object.entries(image.ifDown).map(
    ([brick, a]) => `${brick}: reads ${a.reads}, writes ${a.writes}`,
  );
  const source = Object.entries(image.ifSource).map(
    ([brick, a]) =>
      `${brick}: ${a.losesIn} files lose writes${a.unknownIn > 0 ? `, ${a.unknownIn} not known` : ''}`,
  );
  const lines = [
    `image ${printable(image.path)} (${image.files} files${sizeText(image)}): ${image.state}`,
    row('why', image.because),
    row('reads now', `${image.reads.result}: ${image.reads.because}`),
  ];
  if (image.state === 'clean') return lines.join('\n');
  return [...lines, rows('if down', down), rows('as source', source)].join('\n');
}

const MIB = 1 << 20;
const sizeText = ({ shape }: ImageVerdict): string =>
  shape === undefined
    ? ''
    : ` of ${shape.blockBytes / MIB} MiB, ${(shape.bytes / MIB).toFixed(1)} MiB in all`;

function fileText({ verdict, choices }: Judged): string {
  const kinds = verdict.kinds.length === 0 ? '' : ` (${verdict.kinds.join(', ')})`;
  const lines = [
    `${verdict.state}${kinds}  ${printable(verdict.path)}  ${verdict.gfid ?? 'no gfid'}`,
    row('why', verdict.because),
  ];
  if (verdict.state === 'clean') return [...lines, rows('note', verdict.notes)].join('\n');
  const blame = verdict.blame.map((b) => `${b.by} accuses ${b.on} (${counters(b)})`);
  const down = Object.entries(verdict.ifDown).map(
    ([brick, a]) => `${brick}: reads ${a.reads.result}, writes ${a.writes.result}, quorum ${a.quorum}`,
  );
  const source = Object.entries(verdict.ifSource).map(
    ([brick, a]) => `${brick}: ${a.possible ? 'loses' : 'not possible, loses'} ${a.what}`,
  );
  return [
    ...lines,
    rows('blame', blame),
    ...(verdict.dirty.length === 0 ? [] : [row('dirty', verdict.dirty.join(', '))]),
    ...(verdict.sources.length === 0
      ? []
      : [row('sources', `${verdict.sources.join(', ')} -> ${verdict.sinks.join(', ') || 'nobody'}`)]),
    row('reads now', `${verdict.reads.result}: ${verdict.reads.because}`),
    row('heals', verdict.heals),
    rows('if down', down),
    rows('as source', source),
    ...choices.map(choiceText),
    row('looked at', verdict.evidence.join(', ')),
    ...(verdict.notes.length === 0 ? [] : [rows('note', verdict.notes)]),
  ]
    .filter((l) => l !== '')
    .join('\n');
}

function choiceText(choice: Choice): string {
  const commands = choice.commands.map(
    (c) => `${' '.repeat(14)}${c.on === undefined ? '' : `[on ${c.on}] `}${printable(c.command)}`,
  );
  return [row('choice', `${choice.means}; loses ${choice.loses}`), ...commands].join('\n');
}

const counters = (b: FileVerdict['blame'][number]): string =>
  (['data', 'metadata', 'entry'] as const)
    .filter((k) => b[k] !== 0)
    .map((k) => `${k} ${b[k]}`)
    .join(', ');

const row = (label: string, text: string): string => `  ${label.padEnd(10)}  ${printable(text)}`;
const rows = (label: string, texts: readonly string[]): string =>
  texts.map((t, i) => row(i === 0 ? label : '', t)).join('\n');

/** Names come from the bricks; control characters in them, and bytes that are no UTF-8, must not reach a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}]/gu, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return `\\${(code >= STRAY_BYTE ? code - STRAY_BYTE : code).toString(8).padStart(3, '0')}`;
  });
