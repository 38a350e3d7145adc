/** Which files and packages a program of this project loads: what its modules import, and what these import. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Reached {
  /** Modules of the project, by paths below its root, sorted. */
  readonly modules: readonly string[];
  /** Folders of packages below the root, with what they need themselves, sorted. */
  readonly packages: readonly { readonly folder: string; readonly version: string }[];
}

/** `import …` and `export … from` at the start of a line, as the formatter writes them. Types are gone when it runs. */
const STATIC = /^(?:import|export)(?! type\b)\s[^;'"]*?from '([^']+)'|^import '([^']+)'/gm;
const specifiers = (text: string): readonly string[] =>
  [...text.matchAll(STATIC)].map(([, from, bare]) => from ?? bare ?? '');

/** Names without a path; `node:` is in Node itself. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** From these modules on. What is imported only when it is needed (`import()`) is not followed: name it, if it will be. */
export function reach(root: string, entries: readonly string[]): Reached {
  const modules = new Set<string>();
  const names = new Set<string>();
  const visit = (path: string): void => {
    if (modules.has(path)) return;
    modules.add(path);
    for (const specifier of specifiers(readFileSync(join(root, path), 'utf8')))
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier));
      else if (!specifier.startsWith('node:')) names.add(packageOf(specifier));
  };
  entries.forEach(visit);
  return { modules: [...modules].toSorted(), packages: packagesOf(root, names) };
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function packagesOf(root: string, names: ReadonlySet<string>): Reached['packages'] {
  const found = new Map<string, string>();
  const visit = (name: string, from: string, optional: boolean): void => {
    const folder = lookUp(root, name, from);
    if (folder === undefined) {
      if (optional) return;
      throw new Error(`${name}, which ${from === '' ? 'this project' : from} needs, is not in node_modules`);
    }
    if (found.has(folder)) return;
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    found.set(folder, manifest.version);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
    for (const needed of Object.keys(dependencies)) visit(needed, folder, needed in optionalDependencies);
    for (const needed of Object.keys({ ...optionalDependencies, ...peerDependencies }))
      visit(needed, folder, true);
  };
  for (const name of names) visit(name, '', false);
  return [...found]
    .map(([folder, version]) => ({ folder, version }))
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** As Node looks: beside the one that asks, then further up. */
function lookUp(root: string, name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at) === '.' ? '' : dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (!at.endsWith('node_modules') && existsSync(join(root, folder, 'package.json'))) return folder;
    if (at === '') return undefined;
  }
}
