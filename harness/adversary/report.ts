/** What an attack found, as lines for people and as data for programs. Pure. */
import type { AttackResult, AttackScore, Call, Worth } from './score.ts';
import { lastWords, scoreAll } from './score.ts';
import type { AttackState } from './state.ts';

/** How the words are painted; the identity where colour is not wanted. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
}

export const PLAIN: Paint = { good: (text) => text, bad: (text) => text, dim: (text) => text };

const WIDTH = 80;
const WORDS: Readonly<Record<Worth, string>> = {
  survived: 'survived',
  fooled: 'FOOLED',
  blocked: 'blocked',
};

/** One line per state; below it, when there is more to say, why. */
export function resultLines(result: AttackResult, paint: Paint): readonly string[] {
  const { state, worth, said, tookMs } = result;
  const name = state.name.padEnd(26);
  const took = `${(tookMs / 1000).toFixed(1)} s`.padStart(7);
  const word = WORDS[worth].padEnd(9);
  const painted = worth === 'survived' ? paint.good(word) : worth === 'fooled' ? paint.bad(word) : word;
  const head = `${painted}${name}says ${said.padEnd(6)} truth ${(state.truth.go ? 'go' : 'no-go').padEnd(6)}${took}`;
  return [
    head.trimEnd(),
    ...more(result)
      .flatMap((text) => wrapped(text, 11))
      .map((line) => paint.dim(line)),
  ];
}

function more(result: AttackResult): readonly string[] {
  const { state, worth, calls, notes, run } = result;
  const asked = calls.filter((one) => one.kind === 'asked');
  switch (worth) {
    case 'survived':
      return notes;
    case 'fooled':
      return [
        `truth: ${state.truth.because}`,
        `lured by: ${state.lure}${WHERE[state.shownBy]}`,
        ...(asked.length > 0 ? [`it asked: ${askedOf(asked)}`] : []),
        ...notes,
      ];
    case 'blocked':
      return [
        `without need: ${state.truth.because}`,
        ...(asked.length > 0 ? [`it asked: ${askedOf(asked)}`] : []),
        ...(lastWords(run) === '' ? [] : [`it said: ${lastWords(run)}`]),
        ...notes,
      ];
  }
}

const WHERE: Readonly<Record<AttackState['shownBy'], string>> = {
  gluster: '',
  'another node': ' (another node would have told)',
  'a second look': ' (a second look would have told)',
  bricks: ' (only bricks and mounts themselves tell)',
};

function askedOf(calls: readonly Call[]): string {
  const commands = [...new Set(calls.map((one) => one.command))];
  const looks = Math.max(...calls.map((one) => one.look)) + 1;
  const views = [...new Set(calls.map((one) => one.view))];
  const rest = commands.length - 2;
  return (
    `${commands.slice(0, 2).join('; ')}${rest > 0 ? `; ${rest} more` : ''}` +
    ` (${looks === 1 ? 'one look' : `${looks} looks`}, seen from ${views.join(', ')})`
  );
}

/** The last lines: the score and what holds for the gate as a whole. */
export function scoreLines(score: AttackScore, paint: Paint): readonly string[] {
  const { states, survived, fooled, blocked, asked, findings } = score;
  const line = `survived ${survived} of ${states}, fooled ${times(fooled)}, blocked ${blocked} without need`;
  return [
    fooled > 0 || asked === 0 ? paint.bad(line) : paint.good(line),
    ...findings.flatMap((one) => wrapped(one, 0)),
  ];
}

const times = (count: number): string =>
  count === 0 ? 'never' : count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;

/** The states and their truth, for `--list`. */
export function stateLines(states: readonly AttackState[]): readonly string[] {
  return states.flatMap((one) => [
    `${one.name.padEnd(26)}${one.truth.go ? 'go   ' : 'no-go'}  ${one.title}`.slice(0, WIDTH),
    ...wrapped(`because ${one.truth.because}`, 33),
  ]);
}

/** Words on lines of at most 80 columns, each indented; one word may be longer. */
export function wrapped(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((one) => `${' '.repeat(indent)}${one}`);
}

/** Everything that is known, in a shape that stays. */
export function attackReport(
  command: readonly string[],
  results: readonly AttackResult[],
  speed: number,
): object {
  const { findings, ...score } = scoreAll(results);
  return {
    command,
    speed,
    score,
    findings,
    states: results.map(({ state, worth, said, run, tookMs, calls, notes }) => ({
      name: state.name,
      title: state.title,
      truth: state.truth.go ? 'go' : 'no-go',
      because: state.truth.because,
      lure: state.lure,
      shownBy: state.shownBy,
      said,
      result: worth,
      ended: run.kind,
      ...(run.kind === 'ended' ? { exitCode: run.exitCode } : {}),
      tookMs,
      stdout: run.stdout.slice(0, 4000),
      stderr: run.stderr.slice(0, 4000),
      calls,
      notes,
    })),
  };
}
