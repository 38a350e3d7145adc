/** Reads what the monitoring of a lab is made of: our files, or the operator's own in their place. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** One of the two places that watch a site. */
export type Place = 'inside' | 'offsite';
export const PLACES = ['inside', 'offsite'] as const satisfies readonly Place[];

export interface NamedFile {
  /** As it is named to a person: a path below the repository, or as the operator gave it. */
  readonly name: string;
  readonly text: string;
  /** Shipped with Healproof, and not the operator's own. */
  readonly ours?: true;
}

/** What differs from what is shipped: files of the operator's own in place of ours, or nothing offsite. */
export interface OwnFiles {
  /** Folder of rule files. Those whose name begins with `offsite` go to the offsite Prometheus, all others inside. */
  readonly alertRules?: string;
  /** Used inside and offsite: one routing decides for both. */
  readonly alertmanager?: string;
  /** No rule watches from outside. */
  readonly offsite?: false;
  /** What public rule sets have is measured beside ours. */
  readonly naive?: true;
}

export interface ShippedPlace {
  readonly rules: readonly NamedFile[];
  readonly prometheus: NamedFile;
  readonly alertmanager: NamedFile;
  readonly blackbox: NamedFile;
}
export type Shipped = Readonly<Record<Place, ShippedPlace>>;

const HERE = import.meta.dirname;
const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

function read(path: string, name: string): NamedFile {
  try {
    return { name, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new Error(`${name} can't be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Rule files of a folder, sorted. @throws when there is none, or the folder can't be read */
export function readRules(folder: string, named: (file: string) => string): readonly NamedFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter(isYaml).toSorted();
  } catch (error) {
    throw new Error(
      `the folder of alert rules can't be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  if (names.length === 0)
    throw new Error(`there are no alert rules in ${folder}: no file ends in .yml or .yaml`);
  return names.map((name) => read(join(folder, name), named(name)));
}

/** Files that hold rules by their name and would be left out without a word. */
function refuseOthers(folder: string): void {
  const other = readdirSync(folder).find((name) => /\.rules?$/.test(name));
  if (other !== undefined)
    throw new Error(`${join(folder, other)} would not be read: rename it to end in .yml`);
  const deeper = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
    (name) => dirname(name) !== '.' && isYaml(name),
  );
  if (deeper !== undefined)
    throw new Error(
      `${join(folder, deeper)} would not be read: put all rule files into one folder, without folders below it`,
    );
}

const placeOf = ({ name }: NamedFile): Place => (basename(name).startsWith('offsite') ? 'offsite' : 'inside');

const ours = (folder: 'rules' | 'naive'): readonly NamedFile[] =>
  readRules(join(HERE, folder), (name) => `lab/monitoring/${folder}/${name}`).map((file) => ({
    ...file,
    ours: true,
  }));

function theirs(folder: string): readonly NamedFile[] {
  const rules = readRules(resolve(folder), (name) => join(folder, name));
  refuseOthers(resolve(folder));
  return rules;
}

export function readShipped(own: OwnFiles = {}): Shipped {
  const rules = [
    ...(own.alertRules === undefined ? ours('rules') : theirs(own.alertRules)),
    ...(own.naive === true ? ours('naive') : []),
  ];
  const site = (place: Place, file: string): NamedFile =>
    read(join(HERE, 'site', place, file), `lab/monitoring/site/${place}/${file}`);
  const at = (place: Place): ShippedPlace => ({
    rules:
      place === 'offsite' && own.offsite === false ? [] : rules.filter((file) => placeOf(file) === place),
    prometheus: site(place, 'prometheus.yml'),
    alertmanager:
      own.alertmanager === undefined
        ? site(place, 'alertmanager.yml')
        : read(resolve(own.alertmanager), own.alertmanager),
    blackbox: site(place, 'blackbox.yml'),
  });
  return { inside: at('inside'), offsite: at('offsite') };
}
