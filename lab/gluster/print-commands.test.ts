import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONDITIONS } from '../../harness/index.ts';
import type { Profile, Shell } from '../../harness/index.ts';
import { leaseFacts } from '../lease/index.ts';
import { gateFacts } from './gate-facts.ts';
import { gateCommands } from './print-commands.ts';
import { GOLDEN, replay } from './replay.ts';
import { sectionLine } from './sections.ts';
import { volumesOf } from './volumes.ts';

const PROFILES: readonly Profile[] = ['fast', 'full', 'deep'];
const EVERYTHING = new Set(CONDITIONS.flatMap((one) => one.asks ?? []));
const STATES = readdirSync(GOLDEN);

/** Writes down every line before the captured answer is given. */
const recording = (shells: readonly Shell[], lines: string[]): readonly Shell[] =>
  shells.map((shell): Shell => ({
    node: shell.node,
    run: (line, options) => {
      lines.push(line);
      return shell.run(line, options);
    },
  }));

/** The line that the documented commands of the same names would make; any other byte is a difference. */
function documented(line: string): string {
  const names = [...line.matchAll(/^section (\S+) \d+ /gm)].map(([, name]) => name);
  const variables = Object.fromEntries(
    [...line.matchAll(/^([A-Z]+)='([A-Za-z0-9_.*?:/ -]*)'; export \1$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
  const { LC_ALL: _, N: nonce = '', ...rest } = variables;
  const commands = names.map((name) => {
    const found = gateCommands().find((one) => one.name === name);
    if (found === undefined) throw new Error(`"${name}" was sent and is not in the list`);
    return found;
  });
  return sectionLine(commands, nonce, rest);
}

test('nothing but the documented commands is ever sent, in any profile, whatever the site answers', async () => {
  const lines: string[] = [];
  for (const state of STATES) {
    const shells = recording(replay(state), lines);
    await volumesOf(shells);
    await leaseFacts(shells, 'ann');
    for (const profile of PROFILES) {
      await gateFacts(shells, 'vmstore', profile, { extras: EVERYTHING, folders: ['/mnt/backup'] });
    }
  }
  expect(lines.length).toBeGreaterThan(STATES.length * 12);
  for (const line of new Set(lines)) expect(line).toBe(documented(line));
  const sent = new Set(
    lines.flatMap((line) => [...line.matchAll(/^section (\S+) /gm)].map(([, name]) => name)),
  );
  // A list that names what is never run would hide what is.
  expect(sent).toEqual(new Set(gateCommands().map((one) => one.name)));
});

/** Names of commands whose shell text has it. */
const having = (pattern: RegExp, left: (sh: string) => string = (sh) => sh): readonly string[] =>
  gateCommands()
    .filter(({ sh }) => pattern.test(left(sh)))
    .map(({ name }) => name);

test('none of them heals, sets, starts, stops, or writes to a volume', () => {
  expect(having(/volume +(set|reset|start|stop|delete|create|add-brick|remove-brick|replace-brick)/)).toEqual(
    [],
  );
  expect(having(/heal +"?\$?\w+"? *(full|enable|disable|split-brain +(source|bigger|latest))/)).toEqual([]);
  expect(having(/heal "\$V"\s*$/m)).toEqual([]);
  expect(
    having(/statistics|setfattr|\brm\b|\bmv\b|\btouch\b|\bkill\b|systemctl (?!is-|list-|show)|reboot/),
  ).toEqual([]);
  // Redirections into anything but /dev/null and another descriptor; a connection that is opened both ways writes no file.
  const without = (sh: string): string => sh.replaceAll(/>\s*(?:&\d|\/dev\/null|"\/dev\/tcp)/g, '');
  expect(having(/>\s*["$/\w]/, without)).toEqual([]);
});
