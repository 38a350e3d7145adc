/**
 * Writes a state down as files that the stand-ins read. Answers are rendered beforehand, so that a call costs milliseconds; what lies on
 * a node is written as a script that makes it, because few gates ever look there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { answerTo, castOf, lockTaken, machineOf, nodeFiles, questionsOf } from '../../harness/index.ts';
import type { AttackState, CliAnswer, CliQuestion, NodeFile, NodeName, World } from '../../harness/index.ts';

/**
 * Lays the state out in `folder`, which must not exist yet: `view`, `looks`, `volumes`, `paths`, and for each look and node `N-NODE` with
 * all answers, `N-NODE.how` with those that are not plain, `N-NODE.make`, or `N-NODE.off`.
 */
export function layOut(state: AttackState, folder: string): void {
  const [first] = state.looks;
  const { site } = first;
  mkdirSync(folder, { recursive: true });
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  put('view', `${castOf(site).here}\n`);
  put('looks', `${state.looks.length} ${state.afterwards}\n`);
  put('volumes', ` ${[...first.otherVolumes, site.volume].join(' ')} \n`);
  put('paths', `${mappedPaths(first)}\n`);
  for (const [look, world] of state.looks.entries()) {
    for (const node of site.nodes) layOutNode(put, `${look}-${node}`, world, node);
  }
}

/** Paths of a node that the stand-in `ssh` turns into those of the prepared files, as a pattern for `sed -E`. */
function mappedPaths({ site }: World): string {
  const [, top = ''] = site.brickPath.split('/');
  const paths = [
    '/var/lib/glusterd',
    '/proc/self/mountinfo',
    '/proc/self/mounts',
    '/proc/mounts',
    '/proc/1/stat',
    '/proc/uptime',
    '/proc/sys/kernel/random/boot_id',
    `/${top}`,
    dirname(site.mount),
  ];
  return paths.map((path) => path.replaceAll('.', String.raw`\.`)).join('|');
}

type Put = (name: string, text: string) => void;

function layOutNode(put: Put, name: string, world: World, node: NodeName): void {
  if (machineOf(world, node).power === 'off') return put(`${name}.off`, '');
  const answers = questionsOf(world).map(
    (question) => [keyOf(question), answerTo(world, node, question)] as const,
  );
  const locked = [false, true].flatMap((xml) =>
    [...world.otherVolumes, world.site.volume].map((volume) => {
      const key = `v-${volume}/locked${xml ? '.xml' : ''}`;
      return [key, lockTaken(volume, xml)] as const;
    }),
  );
  const all = [...answers, ...locked];
  put(name, all.map(([key, answer]) => section(key, answer)).join(''));
  put(`${name}.how`, all.map(([key, answer]) => how(key, answer)).join(''));
  put(`${name}.make`, makeScript(nodeFiles(world, node), [world.site.brickPath, world.site.mount]));
}

const OF_THE_POOL: ReadonlySet<string> = new Set(['volume-list', 'peer-status', 'pool-list']);

/** As the stand-in `gluster` puts it together. */
function keyOf({ topic, xml, volume }: CliQuestion): string {
  const where = volume === undefined ? (OF_THE_POOL.has(topic) ? 'pool' : 'all') : `v-${volume}`;
  return `${where}/${topic}${xml ? '.xml' : ''}`;
}

/** `|` begins a line of standard output, `!` one of standard error; `+` is a last line without its end. */
function section(key: string, { stdout, stderr }: CliAnswer): string {
  const marked = (text: string, mark: string): string => {
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    const whole = lines.map((line) => `${mark}${line}\n`).join('');
    return rest === '' ? whole : `${whole}+${rest}\n`;
  };
  return `@ ${key}\n${marked(stdout, '|')}${marked(stderr, '!')}`;
}

/** Key, exit code, seconds, lock; nothing for an answer that is plain. */
function how(key: string, { exitCode, takes, leavesLocked }: CliAnswer): string {
  const time = takes === 'forever' ? takes : String(Math.round(takes));
  if (exitCode === 0 && time === '0' && !leavesLocked) return '';
  return `${key} ${exitCode} ${time} ${leavesLocked ? 'lock' : '-'}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Files out of which a program reads paths that it then goes to. */
const NAMES_PATHS = /^\/(?:var\/lib\/glusterd\/vols\/[^/]+\/bricks|proc)\//;

/**
 * A script that makes the files below the folder it runs in. Attributes go into one table, `.xattrs`: path, tab, name=value. Paths of the
 * node within files that name them become those of the prepared files, which `$HEALPROOF_ROOT` will hold.
 */
function makeScript(files: readonly NodeFile[], turned: readonly string[]): string {
  const at = (path: string): string => quoted(`.${path}`);
  const folders = new Set(files.map((one) => at(one.kind === 'folder' ? one.path : dirname(one.path))));
  const content = (path: string, text: string): string =>
    turned.reduce(
      (sum, one) => (NAMES_PATHS.test(path) ? sum.replaceAll(one, `'"$HEALPROOF_ROOT"'${one}`) : sum),
      quoted(text),
    );
  const texts = files.flatMap((one) =>
    one.kind === 'text' ? [`printf %s ${content(one.path, one.text)} >${at(one.path)}\n`] : [],
  );
  const sizes = files.flatMap((one) =>
    one.kind === 'sparse' ? [`truncate -s ${one.size} ${at(one.path)}\n`] : [],
  );
  const table = files.flatMap(({ path, xattrs }) =>
    Object.entries(xattrs).map(([name, value]) => `${path}\t${name}=0x${value}\n`),
  );
  return `set -e
mkdir -p ${[...folders].join(' ')}
${texts.join('')}${sizes.join('')}printf %s ${quoted(table.join(''))} >.xattrs
`;
}
