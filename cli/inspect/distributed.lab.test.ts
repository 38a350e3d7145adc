/**
 * The real command against volumes of several replica sets, made by hand in a lab: read by every way in (the lab's own, hosts, an Ansible
 * inventory, folders that somebody collected), and each file is judged among the bricks that hold it.
 */
import { execFileSync, spawn } from 'node:child_process';
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

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Never blocks: the test runner's worker has to answer while a lab comes up. */
function healproof(words: readonly string[], input = ''): Promise<Said> {
  const child = spawn(LAUNCHER, words, { env, timeout: UP_MS });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(input);
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code) => settle({ code, out, err }));
  });
}

/** Standard output of a line on a machine of the lab; it has to work. */
async function on(node: string, line: string): Promise<string> {
  const { code, out, err } = await healproof(['ssh', node, '--', line]);
  if (code !== 0) throw new Error(`${node}: ${line}: ended with ${code}: ${err}${out}`);
  return out;
}

let run = '';

beforeAll(async () => {
  const up = await healproof(['up', '--layout', 'replica-3', '--options', 'virt']);
  run = /Bringing up (\S+)/.exec(up.out)?.[1] ?? '';
  if (up.code !== 0) throw new Error(`no lab: ${up.err}${up.out}`);
}, UP_MS);

afterAll(async () => {
  if (run !== '') await healproof(['down']);
  rmSync(folder, { recursive: true, force: true });
}, UP_MS);

interface Row {
  readonly path: string;
  readonly state: string;
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
}
interface Answer {
  readonly code: number | null;
  readonly worst: string;
  readonly files: readonly Row[];
}

async function inspect(words: readonly string[]): Promise<Answer> {
  const { code, out, err } = await healproof(['inspect', '--json', ...words]);
  if (!out.startsWith('{')) throw new Error(`inspect ${words.join(' ')}: ended with ${code}: ${err}${out}`);
  return { code, ...(JSON.parse(out) as Omit<Answer, 'code'>) };
}

/** The folders that the printed lines make, brought here. */
async function collected(volume: string): Promise<readonly string[]> {
  const at = mkdtempSync(join(folder, 'folders-'));
  const given: string[] = [];
  for (const node of NODES) {
    const said = await healproof(
      ['ssh', node, '--', 'rm -rf /var/tmp/healproof-*; sh -s'],
      collectLines(volume),
    );
    if (said.code !== 0) throw new Error(`${node}: ${said.err}${said.out}`);
    for (const [, archive = '', brick = ''] of said.out.matchAll(/^(\S+\.tar\.gz) is (\S+)$/gm)) {
      const file = join(at, archive.slice(archive.lastIndexOf('/') + 1));
      writeFileSync(file, Buffer.from(await on(node, `base64 ${archive}`), 'base64'));
      execFileSync('tar', ['-C', at, '-xzf', file]);
      given.push(`${brick}=${file.slice(0, -'.tar.gz'.length)}`);
    }
  }
  return given;
}

/** All ways in must say the same; the answer of the first one. */
async function inspectEveryWay(volume: string): Promise<Answer> {
  const config = ['--ssh-config', join(folder, 'healproof/labs', run, 'ssh/config')];
  const inventory = join(folder, 'site.ini');
  const hosts = NODES.map((node, n) => `node${n + 1} ansible_host=${node}`).join('\n');
  writeFileSync(inventory, `[other]\nnowhere\n[gluster]\n${hosts}\n[gluster:vars]\nansible_user=root\n`);
  const first = await inspect(['--lab', '--volume', volume]);
  const others = [
    ['--hosts', NODES.join(','), ...config, '--volume', volume],
    ['--inventory', inventory, '--group', 'gluster', ...config, '--volume', volume],
    await collected(volume),
  ];
  for (const words of others) expect(short(await inspect(words))).toEqual(short(first));
  return first;
}

/** In one order: files come set by set, or path by path. */
const short = ({ code, worst, files }: Answer) => ({
  code,
  worst,
  files: files
    .map(({ path, state, sources, sinks }) => ({ path, state, sources, sinks }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
});

const stateOf = ({ files }: Answer, path: string): readonly string[] =>
  files.filter((f) => f.path === path).map((f) => f.state);

/** `sets`: the bricks, set after set, as `node:name`. */
async function makeVolume(volume: string, replicas: 2 | 3, bricks: readonly string[]): Promise<void> {
  const paths = bricks.map((brick) => brick.replace(':', ':/bricks/vmstore/'));
  await on(
    'pve1',
    `gluster --mode=script volume create ${volume} replica ${replicas} ${paths.join(' ')} force`,
  );
  for (const option of [
    'cluster.self-heal-daemon',
    'cluster.data-self-heal',
    'cluster.metadata-self-heal',
    'cluster.entry-self-heal',
  ])
    await on('pve1', `gluster --mode=script volume set ${volume} ${option} off`);
  await on('pve1', `gluster --mode=script volume start ${volume}`);
  await on(
    'pve1',
    `mkdir -p /mnt/${volume} && timeout 30 sh -c 'until mount -t glusterfs localhost:/${volume} /mnt/${volume}; do sleep 0.5; done'`,
  );
  await untilConnected(volume, bricks.length);
  // Renamed, so that some names lie in another set than their files.
  for (const file of FILES)
    await on(
      'pve1',
      `echo one > /mnt/${volume}${file}-before && mv /mnt/${volume}${file}-before /mnt/${volume}${file}`,
    );
}

const untilConnected = (volume: string, count: number): Promise<string> =>
  on(
    'pve1',
    `timeout 40 sh -c 'until [ "$(cat /mnt/${volume}/.meta/graphs/active/${volume}-client-*/private | grep -c "^connected = 1")" = ${count} ]; do sleep 0.2; done'`,
  );

const pointersOn = async (node: string, brick: string): Promise<number> =>
  Number(await on(node, `find /bricks/vmstore/${brick} -maxdepth 1 -perm 1000 -size 0 | wc -l`));

/** Writes to every file while a brick is away, and waits until the accusations have landed. */
async function missed(volume: string, node: string, brick: string, bricks: number): Promise<void> {
  await on(node, `kill -9 $(pgrep -f '[g]lusterfsd .*brick-name /bricks/vmstore/${brick} ')`);
  await untilConnected(volume, bricks - 1);
  for (const file of FILES) await on('pve1', `echo more >> /mnt/${volume}${file}`);
  await on('pve1', 'sleep 4');
  await on('pve1', `gluster --mode=script volume start ${volume} force`);
  await untilConnected(volume, bricks);
}

const atHome = async (node: string, brick: string): Promise<readonly string[]> =>
  (await on(node, `cd /bricks/vmstore/${brick} && find . -maxdepth 1 -name 'file-*' ! -perm 1000`))
    .trim()
    .split('\n')
    .map((path) => path.slice(1));

describe('2 x 2', () => {
  const volume = 'twotwo';
  const bricks = ['pve1:tt1', 'pve2:tt2', 'pve3:tt3', 'pve1:tt4'];

  test('healthy: clean, pointers between the sets are no files', { timeout: 240_000 }, async () => {
    await makeVolume(volume, 2, bricks);
    await on('pve1', 'sleep 3');
    expect((await pointersOn('pve1', 'tt1')) + (await pointersOn('pve3', 'tt3'))).toBeGreaterThan(0);
    const answer = await inspectEveryWay(volume);
    expect({ code: answer.code, worst: answer.worst }).toEqual({ code: 0, worst: 'clean' });
    for (const file of FILES) expect(stateOf(answer, file)).toEqual(['clean']);
  });

  test(
    'one set stale: its files have one good copy, those of the other set are clean',
    { timeout: 240_000 },
    async () => {
      await missed(volume, 'pve2', 'tt2', bricks.length);
      const answer = await inspectEveryWay(volume);
      expect({ code: answer.code, worst: answer.worst }).toEqual({ code: 1, worst: 'sole-good-copy' });
      const [inFirst, inSecond] = [await atHome('pve1', 'tt1'), await atHome('pve3', 'tt3')];
      expect(inFirst.length > 0 && inSecond.length > 0).toBe(true);
      for (const file of inFirst) expect(stateOf(answer, file)).toEqual(['sole-good-copy']);
      for (const file of inSecond) expect(stateOf(answer, file)).toEqual(['clean']);
      expect(answer.files.filter((f) => f.state !== 'clean' && !inFirst.includes(f.path))).toEqual([]);
    },
  );
});

test('2 x 3: each set has a brick of its own that is behind', { timeout: 360_000 }, async () => {
  const volume = 'twothree';
  const bricks = ['pve1:th1', 'pve2:th2', 'pve3:th3', 'pve1:th4', 'pve2:th5', 'pve3:th6'];
  await makeVolume(volume, 3, bricks);
  await missed(volume, 'pve2', 'th2', bricks.length);
  await missed(volume, 'pve3', 'th6', bricks.length);
  const answer = await inspectEveryWay(volume);
  expect({ code: answer.code, worst: answer.worst }).toEqual({ code: 1, worst: 'healing' });
  const behind = (file: string): readonly string[] => answer.files.find((f) => f.path === file)?.sinks ?? [];
  for (const file of await atHome('pve1', 'th1')) expect(behind(file)).toEqual(['pve2:/bricks/vmstore/th2']);
  for (const file of await atHome('pve1', 'th4')) expect(behind(file)).toEqual(['pve3:/bricks/vmstore/th6']);
});
