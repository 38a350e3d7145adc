/** Reads ssh_config files into rules, in the order in which ssh would obey them. The grammar is the library's, Include is followed here. */
import { globSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse as parseFile } from 'ssh-config';
import type SshConfigFile from 'ssh-config';

/** One line of a file, with every Host and Match that it stands under. */
export interface Rule {
  readonly when: readonly Criterion[];
  /** Lower case. */
  readonly keyword: string;
  readonly values: readonly string[];
  readonly file: string;
}

export type Criterion =
  | { readonly kind: 'host'; readonly patterns: readonly string[] }
  | { readonly kind: 'match'; readonly words: readonly string[] };

export interface Files {
  /** Undefined when there is no such file. @throws when it can't be read. */
  readonly read: (path: string) => string | undefined;
  readonly glob: (pattern: string) => readonly string[];
  readonly home: string;
}

export const realFiles: Files = {
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new Error(`reading ${path}: ${String(error)}`, { cause: error });
    }
  },
  glob: (pattern) => globSync(pattern).toSorted(),
  home: homedir(),
};

/** ssh gives up at the same depth (readconf.c, READCONF_MAX_DEPTH). */
const DEPTH = 16;
const SYSTEM = '/etc/ssh/ssh_config';

/** Without a file: the user's own and the system's, each when it is there. With one: only that, as `ssh -F` does. */
export function readSshConfig(file: string | undefined, files: Files = realFiles): readonly Rule[] {
  const user = join(files.home, '.ssh');
  if (file !== undefined) {
    const text = files.read(expandHome(file, files.home));
    if (text === undefined) throw new Error(`--ssh-config ${file}: there is no such file`);
    return rulesOf(text, { file, below: user, files, when: [], depth: 0 });
  }
  return [
    { file: join(user, 'config'), below: user },
    { file: SYSTEM, below: '/etc/ssh' },
  ].flatMap((one) => {
    const text = files.read(one.file);
    return text === undefined ? [] : rulesOf(text, { ...one, files, when: [], depth: 0 });
  });
}

interface Place {
  readonly file: string;
  /** Folder that relative names in Include are taken from. */
  readonly below: string;
  readonly files: Files;
  readonly when: readonly Criterion[];
  readonly depth: number;
}

function rulesOf(text: string, place: Place): readonly Rule[] {
  if (place.depth > DEPTH) throw new Error(`${place.file}: more than ${DEPTH} Includes in one another`);
  const parsed = parse(text, place.file);
  return linesOf(parsed, place);
}

function parse(text: string, file: string): SshConfigFile {
  try {
    return parseFile(text);
  } catch (error) {
    throw new Error(`${file} is no ssh_config: ${String(error)}`, { cause: error });
  }
}

function linesOf(lines: SshConfigFile, place: Place): readonly Rule[] {
  return lines.flatMap((line): readonly Rule[] => {
    if (!('param' in line)) return [];
    const keyword = line.param.toLowerCase();
    const values = typeof line.value === 'string' ? [line.value] : line.value.map(({ val }) => val);
    if (keyword === 'include') return values.flatMap((value) => included(value, place));
    if (!('config' in line)) return [{ when: place.when, keyword, values, file: place.file }];
    const criterion: Criterion =
      keyword === 'host' ? { kind: 'host', patterns: values } : { kind: 'match', words: values };
    return linesOf(line.config, { ...place, when: [...place.when, criterion] });
  });
}

function included(pattern: string, place: Place): readonly Rule[] {
  const wide = expandHome(pattern, place.files.home);
  const found = place.files.glob(isAbsolute(wide) ? wide : join(place.below, wide));
  return found.flatMap((file) => {
    const text = place.files.read(file);
    return text === undefined ? [] : rulesOf(text, { ...place, file, depth: place.depth + 1 });
  });
}

export const expandHome = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
