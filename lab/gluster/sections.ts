/**
 * Several commands in one shell line, one round trip: each is a section with its own exit code and time. Sections and their parts are
 * told apart by marker lines that carry a number nobody can guess, so no file name can forge one.
 */
import type { ExecOutcome, Seen } from '../../harness/index.ts';
import { excerpt, notSeen } from './seen.ts';

/** One command of a line. `sh` may print parts by `part NAME`, see `parts`. */
export interface SectionCommand {
  readonly name: string;
  readonly sh: string;
  readonly limitSeconds: number;
  /** It says nothing on stderr when all went well: a word there means that something was not read, whatever the exit code. */
  readonly silent?: boolean;
  /** It is short, and others wait for it: it runs at the shell's own priority. */
  readonly urgent?: boolean;
}

export interface Section {
  readonly exitCode: number;
  readonly tookMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Kept apart from the rest so that a command that hangs in spite of SIGTERM costs two seconds more and no longer. */
const KILL_AFTER_SECONDS = 2;

/** Whoever writes to the volume goes first: a question may take longer, a write may not. Not 19: on a busy host it would wait for ever. */
const NICE = 10;

/** Of the time since boot, read by the shell itself: a look runs some forty commands, and a process for each clock reading is half as many again. */
const CLOCK = 'hundredths() { read -r up _ </proc/uptime; now=${up%.*}${up#*.}; }';

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** One shell line. Variables given are exported to every command. */
export function sectionLine(
  commands: readonly SectionCommand[],
  nonce: string,
  variables: Readonly<Record<string, string>>,
): string {
  const exports = Object.entries({ LC_ALL: 'C', N: nonce, ...variables })
    .map(([name, value]) => `${name}=${quote(value)}; export ${name}`)
    .join('\n');
  const runs = commands
    .map(
      (one) => `section ${one.name} ${one.limitSeconds} ${one.urgent === true ? 0 : NICE} ${quote(one.sh)}`,
    )
    .join('\n');
  return `${exports}
${CLOCK}
section() {
  printf '#%s begin %s\\n' "$N" "$1"
  printf '#%s begin %s\\n' "$N" "$1" >&2
  hundredths; began=$now
  nice -n "$3" timeout -k ${KILL_AFTER_SECONDS} "$2" sh -c "$4" </dev/null
  code=$?
  hundredths
  printf '\\n#%s end %s %s %s\\n' "$N" "$1" "$code" "$(((now - began) * 10))"
}
${runs}
exit 0
`;
}

/** The longest that the whole line may take, with time for the round trip. */
export function lineLimitMs(commands: readonly SectionCommand[]): number {
  const seconds = commands.reduce((sum, one) => sum + one.limitSeconds + KILL_AFTER_SECONDS, 0);
  return (seconds + 5) * 1000;
}

/** Sections by name. What is missing from the map did not end, or never began. */
export function splitSections(nonce: string, stdout: string, stderr: string): ReadonlyMap<string, Section> {
  const errors = new Map<string, string>();
  for (const chunk of stderr.split(`#${nonce} begin `).slice(1)) {
    const end = chunk.indexOf('\n');
    errors.set(chunk.slice(0, end), chunk.slice(end + 1));
  }
  const found = new Map<string, Section>();
  for (const chunk of stdout.split(`#${nonce} begin `).slice(1)) {
    const head = chunk.indexOf('\n');
    const name = chunk.slice(0, head);
    const marker = `\n#${nonce} end ${name} `;
    const end = chunk.lastIndexOf(marker);
    if (end < 0) continue;
    const [code = '', took = ''] = chunk.slice(end + marker.length).split(/\s+/);
    found.set(name, {
      exitCode: Number(code),
      tookMs: Number(took),
      stdout: chunk.slice(Math.min(head + 1, end), end),
      stderr: errors.get(name) ?? '',
    });
  }
  return found;
}

/** Parts that a command printed within its section by `part NAME`. */
export function parts(
  nonce: string,
  text: string,
): readonly { readonly name: string; readonly text: string }[] {
  return text
    .split(new RegExp(`^#${nonce} part `, 'm'))
    .slice(1)
    .map((chunk) => {
      const end = chunk.indexOf('\n');
      return end < 0 ? { name: chunk, text: '' } : { name: chunk.slice(0, end), text: chunk.slice(end + 1) };
    });
}

/** Shell function that begins a part; put in front of a command that has parts. */
export const PART = `part() { printf '\\n#%s part %s\\n' "$N" "$1"; }`;

/** `timeout` exits with 124 when it ended the command, 137 when it had to kill it. */
const TIMED_OUT = new Set([124, 137]);

/** The output of one section, when it ended with 0. */
export function sectionText(
  outcome: ExecOutcome,
  sections: ReadonlyMap<string, Section>,
  command: SectionCommand,
): Seen<{ readonly text: string; readonly tookMs: number }> {
  const found = sections.get(command.name);
  if (sections.size === 0) return notSeen(why(outcome));
  if (found === undefined) return notSeen(`"${command.name}" did not end: ${why(outcome)}`);
  if (TIMED_OUT.has(found.exitCode)) {
    return notSeen(`"${command.name}" did not answer within ${command.limitSeconds} s`);
  }
  if (found.exitCode !== 0 || (command.silent === true && found.stderr.trim() !== '')) {
    const said = found.stderr.trim() === '' ? found.stdout : found.stderr;
    return notSeen(`"${command.name}" exited with ${found.exitCode} and said ${excerpt(said)}`);
  }
  return { seen: true, text: found.stdout, tookMs: found.tookMs };
}

/** Why a whole line brought nothing. */
export function why(outcome: ExecOutcome): string {
  switch (outcome.kind) {
    case 'cut-off':
      return `the node could not be reached (${outcome.because})`;
    case 'timed-out':
      return `the node did not answer within ${(outcome.afterMs / 1000).toFixed(0)} s`;
    case 'exited':
      return `the shell ended with ${outcome.exitCode} and said ${excerpt(outcome.stderr)}`;
  }
}
