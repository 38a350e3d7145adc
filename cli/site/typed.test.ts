import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { shellLine, siteArguments } from './typed.ts';
import { withSiteOptions } from './words.ts';
import type { SiteWords } from './words.ts';

const parsed = (words: readonly string[]): SiteWords =>
  withSiteOptions(new Command())
    .option('--owner <name>')
    .parse([...words], { from: 'user' })
    .opts();

test.each<[SiteWords, string]>([
  [{ hosts: ['pve1', 'pve2.lan'] }, '--hosts pve1,pve2.lan'],
  [{ inventory: 'site.ini', group: 'gluster' }, '--inventory site.ini --group gluster'],
  [{ hosts: ['pve1'], sshConfig: '/a b/config' }, "--hosts pve1 --ssh-config '/a b/config'"],
  [{ lab: true }, '--lab'],
  [{ lab: 'lab-1a2b' }, '--lab lab-1a2b'],
  [{}, ''],
])('%j is %s, and means the same when it is read', (words, line) => {
  expect(shellLine(siteArguments(words))).toBe(line);
  expect(parsed([...siteArguments(words), '--owner', 'ann@desk'])).toEqual({ ...words, owner: 'ann@desk' });
});

test('a shell takes the line apart into the very same words', () => {
  const words = ['', "Ann O'Hara", '$(id)', 'a\tb\nc', '*', '~', '#', '\\', 'plain@desk', 'ä'];
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${shellLine(words)}`], { encoding: 'utf8' });
  expect(said.split('\0').slice(0, -1)).toEqual(words);
});
