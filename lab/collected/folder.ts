/** What was collected of one brick: a folder, or a bare getfattr dump. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Collected {
  /** The name given on the command line, or the node's in a lab. */
  readonly name: string;
  readonly where: string;
  readonly dump: string;
  readonly find?: string;
  readonly sums?: string;
  readonly indices?: string;
  readonly volfile?: string;
  readonly volumeInfo?: string;
  readonly about: About;
}

/** What collected.txt says, written by the lines of `inspect --print-collect`. */
export interface About {
  readonly volume?: string;
  readonly brick?: string;
  readonly atMs?: number;
  /** Number of records that getfattr.txt must have. */
  readonly records?: number;
}

/** Opens one `NAME=FOLDER`. Throws with the name and what is missing. */
export function openCollected(name: string, where: string): Collected {
  if (!existsSync(where))
    throw new Error(
      `${name}: ${where} does not exist: expected a folder with getfattr.txt, or a getfattr dump`,
    );
  if (!statSync(where).isDirectory()) return { name, where, dump: aFile(where), about: {} };
  const dump = aFile(join(where, 'getfattr.txt'));
  if (!existsSync(dump))
    throw new Error(
      `${name}: ${where} has no getfattr.txt: run the lines of 'healproof inspect --print-collect' on this brick's node`,
    );
  const optional = (file: string): string | undefined =>
    existsSync(join(where, file)) ? aFile(join(where, file)) : undefined;
  const [find, sums, indices, volfile, volumeInfo] = [
    optional('find.tsv'),
    optional('sha256.txt'),
    optional('indices.txt'),
    optional('volfile.txt'),
    optional('volume-info.txt'),
  ];
  return {
    name,
    where,
    dump,
    ...(find === undefined ? {} : { find }),
    ...(sums === undefined ? {} : { sums }),
    ...(indices === undefined ? {} : { indices }),
    ...(volfile === undefined ? {} : { volfile }),
    ...(volumeInfo === undefined ? {} : { volumeInfo }),
    about: readAbout(optional('collected.txt')),
  };
}

function aFile(path: string): string {
  if (existsSync(path) && !statSync(path).isFile())
    throw new Error(
      `${path} is no file: expected what the lines of 'healproof inspect --print-collect' write`,
    );
  return path;
}

/** Refuses the same brick twice, by name or by folder. */
export function refuseTwice(bricks: readonly Pick<Collected, 'name' | 'where' | 'about'>[]): void {
  const names = new Map<string, string>();
  const folders = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { name, where, about } of bricks) {
    const before = names.get(name);
    if (before !== undefined)
      throw new Error(`the brick ${name} is given twice (${before} and ${where}): give each brick once`);
    names.set(name, where);
    const real = realpathSync(where);
    const other = folders.get(real);
    if (other !== undefined)
      throw new Error(`${where} is given twice, as ${other} and as ${name}: each brick has its own folder`);
    folders.set(real, name);
    const same = about.brick === undefined ? undefined : ids.get(about.brick);
    if (same !== undefined)
      throw new Error(
        `${join(where, 'collected.txt')}: this is brick ${about.brick}, and so is what was given as ${same}: the same brick twice`,
      );
    if (about.brick !== undefined) ids.set(about.brick, name);
  }
}

function readAbout(file: string | undefined): About {
  if (file === undefined) return {};
  const values = new Map(
    readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)] as const),
  );
  const [volume, brick, at, records] = ['volume', 'brick', 'at', 'records'].map((k) => values.get(k));
  return {
    ...(volume === undefined || volume === '' ? {} : { volume }),
    ...(brick === undefined || brick === '' ? {} : { brick }),
    ...(at === undefined || !/^\d+(\.\d+)?$/.test(at) ? {} : { atMs: Number(at) * 1000 }),
    ...(records === undefined || !/^\d+$/.test(records) ? {} : { records: Number(records) }),
  };
}
