/** `.ci/run` tells the truth in its last line, whatever becomes of `healproof test`, here a shell script. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const project = join(import.meta.dirname, '..', '..');

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly root: string;
}

async function run(
  healproof: string,
  onLine?: (line: string, pid: number) => void,
  before?: (root: string) => Promise<void>,
): Promise<Ended> {
  const root = await mkdtemp(join(tmpdir(), 'healproof-ci-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, '.ci'));
  await copyFile(join(project, '.ci/run'), join(root, '.ci/run'));
  await writeFile(join(root, 'healproof'), `#!/bin/sh\n${healproof}\n`);
  await chmod(join(root, 'healproof'), 0o755);
  await before?.(root);
  const env = { ...process.env, XDG_CACHE_HOME: join(root, 'cache') };
  const child = spawn('bash', ['.ci/run'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk);
    onLine?.(String(chunk), child.pid ?? 0);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, lines: said.trim().split('\n'), root };
}

test.each([
  ['all passed', 'echo "tests: 12 passed, 0 failed"', 0, 'tests: 12 passed, 0 failed'],
  [
    'the last counts win',
    'echo "tests: 1 passed, 1 failed"; echo "tests: 2 passed, 0 failed"',
    0,
    'tests: 2 passed, 0 failed',
  ],
  ['one failed', 'echo "tests: 11 passed, 1 failed"; exit 1', 1, 'tests: 11 passed, 1 failed'],
  ['one failed and nobody said so', 'echo "tests: 11 passed, 1 failed"', 1, 'tests: 11 passed, 1 failed'],
  [
    'none failed, but it ended badly',
    'echo "tests: 5 passed, 0 failed"; exit 2',
    2,
    'tests: 5 passed, 0 failed',
  ],
  ['nothing ran', 'echo "tests: 0 passed, 0 failed"', 1, 'tests: 0 passed, 0 failed'],
  ['it died before counting', 'echo boom >&2; exit 3', 3, 'tests: 0 passed, 1 failed'],
  ['it ended early and content', 'exit 0', 1, 'tests: 0 passed, 1 failed'],
])('%s', async (_, healproof, code, last) => {
  const ended = await run(healproof);
  expect({ code: ended.code, last: ended.lines.at(-1) }).toEqual({ code, last });
});

test('keeps what was said, on both channels', async () => {
  const { root, lines } = await run(
    'echo one; echo two >&2; [ "$CI" = true ] && echo "tests: 1 passed, 0 failed"',
  );
  const log = await readFile(join(root, 'reports/out/ci/test.log'), 'utf8');
  expect(log.split('\n')).toEqual(expect.arrayContaining(['one', 'two']));
  expect(lines).toEqual(
    expect.arrayContaining(['one', 'two', 'evidence: reports/out/ci/test.log, reports/out']),
  );
});

test('passes TERM on, waits for the teardown, and still counts', async () => {
  const healproof = `trap 'echo teardown; echo "tests: 3 passed, 1 failed"; exit 143' TERM; echo ready; sleep 20 & wait`;
  const { code, lines } = await run(healproof, (line, pid) => {
    if (line.includes('ready')) process.kill(pid, 'SIGTERM');
  });
  expect(lines).toContain('teardown');
  expect({ code, last: lines.at(-1) }).toEqual({ code: 143, last: 'tests: 3 passed, 1 failed' });
}, 15_000);

/** `healproof test` brings an engine up; `engine stop` ends it and leaves a mark. Here the engine is a socket somebody listens on. */
const ENGINE = `
engine=$XDG_CACHE_HOME/healproof/engine
up() {
  mkdir -p "$engine"
  "${process.execPath}" -e "require('net').createServer().listen(process.argv[1])" "$engine/docker.sock" >/dev/null 2>&1 &
  echo $! >"$engine/dockerd.pid"
  until [ -S "$engine/docker.sock" ]; do kill -0 $! || exit 9; done
}
case $1 in
  engine) kill "$(cat "$engine/dockerd.pid")"; rm "$engine/docker.sock"; touch stopped ;;
  test) [ -S "$engine/docker.sock" ] || up; echo "tests: 1 passed, 0 failed" ;;
esac`;

test('stops the engine that came up during the run', async () => {
  const { root, lines } = await run(ENGINE);
  expect(existsSync(join(root, 'stopped'))).toBe(true);
  expect(lines.at(-1)).toBe('tests: 1 passed, 0 failed');
});

test('an engine that another run uses by now goes on, which is said and is no failure', async () => {
  const inUse = ENGINE.replace(
    /^ {2}engine\).*$/m,
    '  engine) echo "left running, lab-1 uses it" >&2; exit 1 ;;',
  );
  const { root, code, lines } = await run(inUse);
  const pid = Number(await readFile(join(root, 'cache/healproof/engine/dockerd.pid'), 'utf8'));
  process.kill(pid);
  expect(lines).toContainEqual(expect.stringContaining('goes on: another run uses it'));
  expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: 'tests: 1 passed, 0 failed' });
});

test('leaves an engine alone that ran before', async () => {
  const { root } = await run(ENGINE, undefined, (folder) =>
    bringUpEngine(join(folder, 'cache/healproof/engine')),
  );
  expect(existsSync(join(root, 'stopped'))).toBe(false);
});

/** Somebody else's engine: a process of its own, since a run that gets this wrong ends it. */
async function bringUpEngine(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const listen = "require('net').createServer().listen(process.argv[1], () => console.log('up'))";
  const engine = spawn(process.execPath, ['-e', listen, join(folder, 'docker.sock')]);
  onTestFinished(() => void engine.kill());
  await once(engine.stdout, 'data');
  await writeFile(join(folder, 'dockerd.pid'), String(engine.pid));
}
