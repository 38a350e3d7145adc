/**
 * The real command against volumes of several replica sets, made by hand in a lab: read by every way in (the lab's own, hosts, an Ansible
 * inventory, folders that somebody collected), and each file is judged among the bricks that hold it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectLines } from '../../lab/index.ts';

const LAUNCHER = resolve(import.meta.dirname, '../../healproof');
const FILES = Array.from({ length: 8 }, (_, n) => `/file-${n}`);
const NODES = ['pve1', 'pve2', 'pve3'] as const;
const UP_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'healproof-sets-'));
/** Labs of this test are in nobody's list but its own. */
const env = { ...process.env, XDG_STATE_HOME: folder };

function healproof(words: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const done = spawnSync(LAUNCHER, words, {
    env,
    input,
    encoding: 'utf8',
    timeout: UP_MS,
    maxBuffer: 1 << 28,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Standard output of a line on a machine of the lab; it has to work. */
function on(node: string, line: string): string {
  const { code, out, err } = healproof(['ssh', node, '--', line]);
  if (code !== 0) throw new Error(`${node}: ${line}: ended with ${code}: ${err}${out}`);
  return out;
}

let run = '';

beforeAll(() => {
  const up = healproof(['up', '--layout', 'replica-3', '--options', 'virt']);
  run = /Bringing up (\S+)/.exec(up.out)?.[1] ?? '';
  if (up.code !== 0) throw new Error(`no lab: ${up.err}${up.out}`);
}, UP_MS);

afterAll(() => {
  if (run !== '') healproof(['down']);
  rmSync(folder, { recursive: true, force: true });
}, UP_MS);

interface Row {
  readonly path: string;
  readonly state: string;
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
  readonly ifSource: Readonly<Record<string, { readonly loses: string }>>;
}
interface Answer {
  readonly code: number | null;
  readonly worst: string;
  readonly files: readonly Row[];
}

function inspect(words: readonly string[]): Answer {
  const { code, out, err } = healproof(['inspect', '--json', ...words]);
  if (!out.startsWith('{')) throw new Error(`inspect ${words.join(' ')}: ended with ${code}: ${err}${out}`);
  return { code, ...(JSON.parse(out) as Omit<Answer, 'code'>) };
}

/** The folders that the printed lines make, brought here. */
function collected(volume: string, into: string): readonly string[] {
  const at = mkdtempSync(join(folder, into));
  return NODES.flatMap((node) => {
    const said = healproof(['ssh', node, '--', 'rm -rf /var/tmp/healproof-*; sh -s'], collectLines(volume));
    if (said.code !== 0) throw new Error(`${node}: ${said.err}${said.out}`);
    return [...said.out.matchAll(/^(\S+\.tar\.gz) is (\S+)$/gm)].map(([, archive = '', brick = '']) => {
      const file = join(at, archive.slice(archive.lastIndexOf('/') + 1));
      writeFileSync(file, Buffer.from(on(node, `base64 ${archive}`), 'base64'));
      const done = spawnSync('tar', ['-C', at, '-xzf', file], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(done.stderr);
      return `${brick}=${file.slice(0, -'.tar.gz'.length)}`;
    });
  });
}

/** All ways in must say the same; the answer of the last one. */
function inspectEveryWay(volume: string): Answer {
  const ssh = join(folder, 'healproof/labs', run, 'ssh');
  const config = ['--ssh-config', join(ssh, 'config')];
  const inventory = join(folder, 'site.ini');
  writeFileSync(
    inventory,
    '[other]\nnowhere\n[gluster]\nnode[1:3]\n[gluster:vars]\nansible_user=root\n'.replace(
      'node[1:3]',
      NODES.map((node, n) => `node${n + 1} ansible_host=${node}`).join('\n'),
    ),
  );
  const answers = [
    ['--lab', '--volume', volume],
    ['--hosts', NODES.join(','), ...config, '--volume', volume],
    ['--inventory', inventory, '--group', 'gluster', ...config, '--volume', volume],
    collected(volume, 'folders-'),
  ].map(inspect);
  const short = ({ code, worst, files }: Answer) => ({
    code,
    worst,
    files: files.map(({ path, state, sources, sinks }) => ({ path, state, sources, sinks })),
  });
  const [first, ...others] = answers.map(short);
  for (const other of others) expect(other).toEqual(first);
  return answers[0] ?? never();
}

function never(): never {
  throw new Error('bug: nobody was asked');
}

const stateOf = ({ files }: Answer, path: string): readonly string[] =>
  files.filter((f) => f.path === path).map((f) => f.state);

/** `sets`: the bricks, set after set, as `node:name`. */
function makeVolume(volume: string, replicas: 2 | 3, bricks: readonly string[]): void {
  const paths = bricks.map((brick) => brick.replace(':', ':/bricks/vmstore/'));
  on('pve1', `gluster --mode=script volume create ${volume} replica ${replicas} ${paths.join(' ')} force`);
  for (const option of [
    'cluster.self-heal-daemon',
    'cluster.data-self-heal',
    'cluster.metadata-self-heal',
    'cluster.entry-self-heal',
  ])
    on('pve1', `gluster --mode=script volume set ${volume} ${option} off`);
  on('pve1', `gluster --mode=script volume start ${volume}`);
  on(
    'pve1',
    `mkdir -p /mnt/${volume} && timeout 30 sh -c 'until mount -t glusterfs localhost:/${volume} /mnt/${volume}; do sleep 0.5; done'`,
  );
  untilConnected(volume, bricks.length);
  // Renamed, so that some names lie in another set than their files.
  for (const file of FILES)
    on(
      'pve1',
      `echo one > /mnt/${volume}${file}-before && mv /mnt/${volume}${file}-before /mnt/${volume}${file}`,
    );
}

const untilConnected = (volume: string, count: number): string =>
  on(
    'pve1',
    `timeout 40 sh -c 'until [ "$(cat /mnt/${volume}/.meta/graphs/active/${volume}-client-*/private | grep -c "^connected = 1")" = ${count} ]; do sleep 0.2; done'`,
  );

const pointersOn = (node: string, brick: string): number =>
  Number(on(node, `find /bricks/vmstore/${brick} -maxdepth 1 -perm 1000 -size 0 | wc -l`));

/** Writes to every file while a brick is away, and waits until the accusations have landed. */
function missed(volume: string, node: string, brick: string, bricks: number): void {
  on(node, `kill -9 $(pgrep -f '[g]lusterfsd .*brick-name /bricks/vmstore/${brick} ')`);
  untilConnected(volume, bricks - 1);
  for (const file of FILES) on('pve1', `echo more >> /mnt/${volume}${file}`);
  on('pve1', 'sleep 4');
  on('pve1', `gluster --mode=script volume start ${volume} force`);
  untilConnected(volume, bricks);
}

const atHome = (node: string, brick: string): readonly string[] =>
  on(node, `cd /bricks/vmstore/${brick} && find . -maxdepth 1 -name 'file-*' ! -perm 1000`)
    .trim()
    .split('\n')
    .map((path) => path.slice(1));

describe('2 x 2', () => {
  const volume = 'twotwo';
  const bricks = ['pve1:tt1', 'pve2:tt2', 'pve3:tt3', 'pve1:tt4'];

  test('healthy: clean, pointers between the sets are no files', { timeout: 240_000 }, () => {
    makeVolume(volume, 2, bricks);
    on('pve1', 'sleep 3');
    expect(pointersOn('pve1', 'tt1') + pointersOn('pve3', 'tt3')).toBeGreaterThan(0);
    const answer = inspectEveryWay(volume);
    expect({ code: answer.code, worst: answer.worst }).toEqual({ code: 0, worst: 'clean' });
    for (const file of FILES) expect(stateOf(answer, file)).toEqual(['clean']);
  });

  test(
    'one set stale: its files have one good copy, those of the other set are clean',
    { timeout: 240_000 },
    () => {
      missed(volume, 'pve2', 'tt2', bricks.length);
      const answer = inspectEveryWay(volume);
      expect({ code: answer.code, worst: answer.worst }).toEqual({ code: 1, worst: 'sole-good-copy' });
      const [inFirst, inSecond] = [atHome('pve1', 'tt1'), atHome('pve3', 'tt3')];
      expect(inFirst.length > 0 && inSecond.length > 0).toBe(true);
      for (const file of inFirst) expect(stateOf(answer, file)).toEqual(['sole-good-copy']);
      for (const file of inSecond) expect(stateOf(answer, file)).toEqual(['clean']);
      expect(answer.files.filter((f) => f.state !== 'clean' && !inFirst.includes(f.path))).toEqual([]);
    },
  );
});

test('2 x 3: each set has a brick of its own that is behind', { timeout: 360_000 }, () => {
  const volume = 'twothree';
  const bricks = ['pve1:th1', 'pve2:th2', 'pve3:th3', 'pve1:th4', 'pve2:th5', 'pve3:th6'];
  makeVolume(volume, 3, bricks);
  missed(volume, 'pve2', 'th2', bricks.length);
  missed(volume, 'pve3', 'th6', bricks.length);
  const answer = inspectEveryWay(volume);
  expect({ code: answer.code, worst: answer.worst }).toEqual({ code: 1, worst: 'healing' });
  const behind = (file: string): readonly string[] => answer.files.find((f) => f.path === file)?.sinks ?? [];
  for (const file of atHome('pve1', 'th1')) expect(behind(file)).toEqual(['pve2:/bricks/vmstore/th2']);
  for (const file of atHome('pve1', 'th4')) expect(behind(file)).toEqual(['pve3:/bricks/vmstore/th6']);
});
