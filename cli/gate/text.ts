/** The answer for a terminal: one verdict, then why, then what to do. */
import { reasonsOf } from '../../harness/index.ts';
import type { Ruling } from '../../harness/index.ts';
import { spoken } from '../duration.ts';
import { notJudged } from './answer.ts';
import type { Asked } from './answer.ts';
import { backlogText, progressLine, trendText } from './progress.ts';

const WIDTH = 100;
const INDENT = 9;

type Colour = (text: string) => string;
const sgr =
  (codes: string): Colour =>
  (text) =>
    `\u001B[${codes}m${text}\u001B[0m`;
const AS: Readonly<Record<string, Colour>> = {
  open: sgr('1;32'),
  held: sgr('1;33'),
  refused: sgr('1;31'),
  unknown: sgr('1;35'),
};
const plain: Colour = (text) => text;

const VERDICT = {
  open: (name: string) => `${name} may go down now.`,
  held: (name: string) => `${name} must stay up for now. It waits for:`,
  refused: (name: string) => `${name} must stay up, and waiting alone does not change that:`,
  unknown: (name: string) => `${name} must stay up: what has to be known could not be seen.`,
} as const;

export function answerText(asked: Asked, colour: boolean): readonly string[] {
  const { ended, node } = asked;
  const { answer } = ended;
  const kind = asked.exitCode === 2 ? 'refused' : answer.kind;
  const paint = colour ? (AS[kind] ?? plain) : plain;
  const dim = colour ? sgr('2') : plain;
  const mayHeal = answer.kind === 'refused' && answer.worthWaiting;
  if (ended.because === 'interrupted') {
    return [
      `${paint('STOPPED'.padEnd(INDENT))}${node} must stay up: the question was interrupted.`,
      ...below(`last seen: ${progressLine(ended)}`, 2)
        .map(shortBricks(asked))
        .map(dim),
    ];
  }
  const verdict = mayHeal ? `${node} must stay up:` : VERDICT[kind](node);
  return [
    `${paint(kind.toUpperCase().padEnd(INDENT))}${verdict}`,
    ...why(asked),
    ...todo(asked),
    ...waived(asked, dim),
    ...below(seenLine(asked), 2).map(dim),
    ...leftOut(asked).map(dim),
  ];
}

/** Of one condition so many sentences; the rest is in --json. */
const MOST = 2;

/** Sentences by condition, the code in front; the window only when nothing else keeps it shut. */
function why(asked: Asked): readonly string[] {
  const { ended, stallMs, volume } = asked;
  const { answer, backlog, trend, because, stalledMs } = ended;
  const short = shortBricks(asked);
  const shut = answer.rulings.filter((one) => one.waived === undefined && one.decision.kind !== 'open');
  const order = ['refused', 'unknown', 'held'];
  const lines = shut
    .toSorted((a, b) => order.indexOf(a.decision.kind) - order.indexOf(b.decision.kind))
    .flatMap((one) => few(one.code, reasonsOf(one.decision).map(short)));
  const window = shut.length === 0 ? few('', reasonsOf(answer.stability)) : [];
  const stall =
    because === 'stalled'
      ? coded(
          'heal',
          `nothing has healed for ${spoken(stalledMs)}; cluster.heal-timeout of ${volume.name} is ${spoken(stallMs / 2)}: the heal is stalled`,
        )
      : [];
  const rate = trendText(trend, backlog);
  const pending =
    backlog.most === 0 || shut.length === 0
      ? []
      : coded('', short(`to heal: ${backlogText(backlog)}${rate === '' ? '' : `; ${rate}`}`));
  return [...lines, ...stall, ...window, ...pending];
}

function few(code: string, sentences: readonly string[]): readonly string[] {
  const rest = sentences.length - MOST;
  const kept = sentences.slice(0, MOST).flatMap((text, index) => coded(index === 0 ? code : '', text));
  return rest > 0 ? [...kept, ...coded('', `and ${rest} more (--json has all)`)] : kept;
}

function todo({ ended, exitCode }: Asked): readonly string[] {
  const { answer, because } = ended;
  const advice = [...new Set(answer.todo)];
  if (because === 'stalled')
    advice.push(
      'See whether the self-heal daemons run and reach every brick (gluster volume status; glustershd.log on each node).',
    );
  else if (because === 'late')
    advice.push('The time to wait is over. Ask again, or find out what it waits for.');
  else if (exitCode === 1) advice.push('Ask again later, or let it wait: --wait 30m.');
  else if (exitCode === 3)
    advice.push('Make visible what was not seen, then ask again. Not knowing is no permission.');
  return advice.length === 0 ? [] : ['  What to do', ...advice.flatMap((one) => below(one, 4))];
}

function waived(asked: Asked, dim: Colour): readonly string[] {
  const { ended, waivers, gate } = asked;
  const judged = ended.answer.rulings.filter((one) => one.waived !== undefined);
  const other = waivers.filter((one) => !gate.conditions.some((each) => each.code === one.condition));
  const short = shortBricks(asked);
  return [
    ...judged.flatMap((one) =>
      coded(
        'waived',
        short(`${one.code} ${one.name}: ${one.waived ?? ''} (it would have said: ${wouldSay(one)})`),
      ),
    ),
    ...other.flatMap((one) => coded('waived', `${one.condition}: ${one.why} (not judged here)`)),
  ].map(dim);
}

function wouldSay({ decision }: Ruling): string {
  const said = reasonsOf(decision)[0];
  return said === undefined ? decision.kind : `${decision.kind}, ${said}`;
}

function seenLine(asked: Asked): string {
  const { ended, volume, gate } = asked;
  const { facts, tookMs } = ended;
  const nodes = facts.nodes.map((one) => `${one.node}${one.identity.seen ? '' : ' (no answer)'}`).join(', ');
  const looks = `${ended.looks} ${ended.looks === 1 ? 'look' : 'looks'} in ${spoken(Math.max(tookMs, facts.tookMs))}`;
  const path = samePath(asked);
  const bricks = path === undefined ? '' : `, bricks at ${path.slice(1)}`;
  return `volume ${volume.name}${bricks}, profile ${gate.profile}, ${gate.conditions.length} conditions, ${looks}, asked ${nodes}`;
}

function leftOut({ gate }: Asked): readonly string[] {
  const out = notJudged(gate);
  if (out.length === 0) return [];
  const codes = out.map((one) => one.code).join(' ');
  return below(
    `not judged: ${codes}${gate.profile === 'fast' ? '; before a reboot ask with --profile full' : ''}`,
    2,
  );
}

/** Every node's brick at the same path: then the node's name says it all, and the path stands below once. */
function samePath({ ended }: Asked): string | undefined {
  const bricks = ended.backlog.bricks.map(({ brick }) => brick);
  const paths = new Set(bricks.map((brick) => brick.slice(brick.indexOf(':/'))));
  const hosts = new Set(bricks.map((brick) => brick.slice(0, brick.indexOf(':/'))));
  const [path] = paths;
  return paths.size === 1 && hosts.size === bricks.length ? path : undefined;
}

function shortBricks(asked: Asked): (line: string) => string {
  const path = samePath(asked);
  return path === undefined ? (line) => line : (line) => line.replaceAll(path, '');
}

const coded = (code: string, text: string): readonly string[] =>
  below(text, INDENT).map((line, index) =>
    index === 0 ? `  ${code.padEnd(INDENT - 2)}${line.trimStart()}` : line,
  );

/** Words on lines that fit, each indented. */
function below(text: string, indent: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (indent + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}
