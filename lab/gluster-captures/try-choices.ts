/**
 * Does what inspect prints: makes each state that a person has to decide, runs the very commands of one choice, and looks at the bricks
 * again; once for each choice. Rewrites harness/afr/golden/<GlusterFS version>/<state>/choices.json:
 *
 *   node lab/gluster-captures/try-choices.ts IMAGE [STATE…]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Judged } from '../../harness/index.ts';
import { inspectCollected, type Given } from '../collected/index.ts';
import { gluster, on, openCluster, pause, tryClient, tryGluster } from './cluster.ts';
import type { Made } from './making.ts';
import { STATES } from './states.ts';

const GOLDEN = join(import.meta.dirname, '../../harness/afr/golden');
const TRIED = [
  'data-split-brain',
  'metadata-split-brain',
  'gfid-split-brain',
  'directory-gfid-split-brain',
  'type-split-brain',
  'cyclic-blame',
  'silent-byte-flip',
];
const HEAL_SECONDS = 30;

interface Looked {
  readonly worst: string;
  readonly files: readonly Judged[];
}

/** Collects as an operator does, and judges. */
function look(made: Made): Looked {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-choices-'));
  try {
    for (const node of made.volume.nodes) made.volume.collect(node, folder);
    const bricks = made.volume.bricks.map(({ name }): Given => ({ name, where: join(folder, name) }));
    const files: Judged[] = [];
    const { worst } = inspectCollected({ bricks }, (judged) => files.push(judged));
    return { worst, files };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The choices of all files for one brick, as a person would carry them out: of several commands that do the same, the first. */
const commandsFor = (files: readonly Judged[], source: string) =>
  files.flatMap(({ choices }) =>
    choices
      .filter((choice) => choice.source === source)
      .flatMap(({ commands, means }) =>
        means.includes('any one of these commands') ? commands.slice(0, 1) : commands,
      ),
  );

/** What a command said, when it failed. */
function type(
  made: Made,
  { on: brick, command }: { readonly on?: string; readonly command: string },
): string {
  const line = command.replaceAll('MOUNT', made.volume.mount);
  if (line.startsWith('gluster ')) return tryGlusterLine(line);
  if (brick === undefined) {
    const { code, err } = tryClient(line);
    return code === 0 ? '' : err.trim();
  }
  const node = made.volume.bricks.find(({ name }) => name === brick)?.node;
  if (node === undefined) throw new Error(`bug: ${command} on ${brick}, which is no brick`);
  on(node, line);
  return '';
}

/** Through a shell, for what was printed is meant to be pasted into one. */
const tryGlusterLine = (line: string): string =>
  on('cap1', `${line.replace('gluster ', 'gluster --mode=script ')} 2>&1; true`).trim();

/** Every name with its type, mode and sum, by brick. */
function contents(made: Made): Record<string, readonly string[]> {
  const list = `find . -path './.glusterfs*' -prune -o -printf '%P %y %m\\n'`;
  const sum = `find . -path './.glusterfs*' -prune -o -type f -print0 | xargs -0 -r sha256sum`;
  return Object.fromEntries(
    made.volume.bricks.map(({ name, node, path }) => [
      name,
      on(node, `cd ${path} && ${list} && ${sum}`).trim().split('\n').sort(),
    ]),
  );
}

/** What of it is about these paths and what lies below them: elsewhere names may come from the other bricks, rightly. */
const about = (lines: readonly string[] | undefined, paths: readonly string[]): string =>
  (lines ?? [])
    .filter((line) => paths.some((path) => new RegExp(`(^|\\./)${path.slice(1)}( |/|$)`).test(line)))
    .join('\n');

/** Makes the state anew, since a choice can't be undone. */
function tryOne(state: string, source: string): object {
  const name = `c${Object.keys(STATES).indexOf(state)}${source}`;
  const made = STATES[state]?.make(name);
  if (made === undefined) throw new Error(`no state is called ${state}`);
  for (const option of ['self-heal-daemon', 'data-self-heal', 'metadata-self-heal', 'entry-self-heal'])
    gluster(`volume set ${name} cluster.${option} on`);
  pause(2);
  const before = look(made);
  const paths = before.files
    .filter(({ choices }) => choices.some((choice) => choice.source === source))
    .map(({ verdict }) => verdict.path);
  const chosen = about(contents(made)[source], paths);
  const commands = commandsFor(before.files, source);
  const said = commands.map((command) => type(made, command));
  let after = look(made);
  for (let waited = 0; waited < HEAL_SECONDS && after.worst !== 'clean'; waited += 5) {
    pause(5);
    tryGluster(`volume heal ${name}`);
    after = look(made);
  }
  const ended = contents(made);
  const outcome = {
    source,
    commands: commands.map(({ on: brick, command }) =>
      brick === undefined ? command : `[on ${brick}] ${command}`,
    ),
    said,
    before: before.worst,
    after: after.worst,
    // Of the files that were decided: what the chosen brick held, and nothing else.
    asChosen: Object.entries(ended)
      .filter(([, lines]) => chosen !== '' && about(lines, paths) === chosen)
      .map(([brick]) => brick),
  };
  made.volume.close();
  return outcome;
}

function main([image, ...wanted]: readonly string[]): void {
  if (image === undefined)
    throw new Error('give the image: node lab/gluster-captures/try-choices.ts IMAGE [STATE…]');
  using cluster = openCluster(image);
  for (const state of wanted.length > 0 ? wanted : TRIED) {
    const sources =
      state === 'cyclic-blame' || state === 'silent-byte-flip' ? ['cap1', 'cap3'] : ['cap1', 'cap2'];
    const tried = sources.map((source) => tryOne(state, source));
    writeFileSync(
      join(GOLDEN, cluster.version, state, 'choices.json'),
      `${JSON.stringify(tried, undefined, 2)}\n`,
    );
    process.stdout.write(`${state}: ${JSON.stringify(tried)}\n`);
  }
}

main(process.argv.slice(2));
