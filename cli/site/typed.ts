/** A command line that a person can type again. */
import type { SiteWords } from './words.ts';

/** The options that mean the same site once more. `--lab` may stand without a value, so only an option may follow. */
export const siteArguments = ({ lab, hosts, inventory, group, sshConfig }: SiteWords): readonly string[] => [
  ...(lab === undefined ? [] : lab === true ? ['--lab'] : ['--lab', lab]),
  ...(hosts === undefined ? [] : ['--hosts', hosts.join(',')]),
  ...(inventory === undefined ? [] : ['--inventory', inventory]),
  ...(group === undefined ? [] : ['--group', group]),
  ...(sshConfig === undefined ? [] : ['--ssh-config', sshConfig]),
];

/** Words as a POSIX shell takes them apart again; quotes only where they are needed. */
export const shellLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
