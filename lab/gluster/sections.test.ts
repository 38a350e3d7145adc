import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ExecOutcome } from '../../harness/index.ts';
import { lineLimitMs, parts, PART, sectionLine, sectionText, splitSections } from './sections.ts';
import type { SectionCommand } from './sections.ts';

const command = (name: string, sh: string, more: Partial<SectionCommand> = {}): SectionCommand => ({
  name,
  sh,
  limitSeconds: 2,
  ...more,
});

/** The real shell: what counts is what `sh` makes of the line. */
function run(commands: readonly SectionCommand[], variables: Readonly<Record<string, string>> = {}) {
  const line = sectionLine(commands, 'nonce', variables);
  const done = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  const outcome: ExecOutcome = {
    kind: 'exited',
    exitCode: done.status ?? -1,
    stdout: done.stdout,
    stderr: done.stderr,
    tookMs: 0,
  };
  const sections = splitSections('nonce', done.stdout, done.stderr);
  return commands.map((one) => sectionText(outcome, sections, one));
}

describe('a line of several commands', () => {
  it('gives each its own output, exit code and error', () => {
    const [first, second, third] = run(
      [
        command('first', "printf 'no newline at the end'"),
        command('second', 'echo bad >&2; exit 7'),
        command('third', 'echo "$V"'),
      ],
      { V: "it's v" },
    );
    expect(first).toMatchObject({ seen: true, text: 'no newline at the end' });
    expect(second).toEqual({ seen: false, because: '"second" exited with 7 and said "bad"' });
    expect(third).toMatchObject({ seen: true, text: "it's v\n" });
  });

  it('runs behind whoever writes, but for what others wait for', () => {
    const said = run([command('question', 'nice'), command('lease', 'nice', { urgent: true })]);
    const [question = 0, lease = 0] = said.map((one) => (one.seen ? Number(one.text) : Number.NaN));
    expect(question - lease).toBe(10);
  });

  it('ends a command that hangs, and goes on', () => {
    const [hangs, next] = run([
      command('hangs', 'sleep 30', { limitSeconds: 1 }),
      command('next', 'echo on'),
    ]);
    expect(hangs).toEqual({ seen: false, because: '"hangs" did not answer within 1 s' });
    expect(next).toMatchObject({ seen: true, text: 'on\n' });
  });

  it('takes a word on stderr for a failure where the command has to be silent', () => {
    const [loud] = run([command('loud', 'echo half; echo oops >&2', { silent: true })]);
    expect(loud).toMatchObject({ seen: false });
  });

  it('is not fooled by output that looks like a marker', () => {
    const [forged] = run([command('one', "echo '#other end one 0 0'; echo '#nonce2 begin two'")]);
    expect(forged).toMatchObject({ seen: true, text: '#other end one 0 0\n#nonce2 begin two\n' });
  });

  it('splits parts', () => {
    const [text] = run([command('one', `${PART}\npart 'a b'; echo 1; part c; part d; printf 2`)]);
    const found = text?.seen === true ? parts('nonce', text.text) : [];
    expect(found.map((part) => [part.name, part.text.trim()])).toEqual([
      ['a b', '1'],
      ['c', ''],
      ['d', '2'],
    ]);
  });
});

it('a node that can’t be reached is the reason for every section', () => {
  const gone: ExecOutcome = { kind: 'cut-off', because: 'connect ECONNREFUSED' };
  expect(sectionText(gone, new Map(), command('x', 'true'))).toEqual({
    seen: false,
    because: 'the node could not be reached (connect ECONNREFUSED)',
  });
});

it('the whole line may take as long as all its commands', () => {
  expect(lineLimitMs([command('a', ''), command('b', '')])).toBe(13_000);
});
