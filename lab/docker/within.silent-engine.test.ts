/** An engine that takes requests and never answers them: nobody waits for it for ever. */
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Engine } from './connection.ts';
import { execLine } from './exec.ts';
import { runOnce } from './once.ts';
import { sweepRun } from './sweep.ts';

let folder = '';
let server: http.Server;
let asked: string[] = [];
/** Bodies by method and path; what is not in here gets no answer. */
let answers: Readonly<Record<string, unknown>> = {};

const silentEngine = (): Engine => new Engine({ host: `unix://${folder}/docker.sock` });

beforeEach(async () => {
  // An engine's address is for testcontainers in the environment, too.
  for (const name of ['DOCKER_HOST', 'TESTCONTAINERS_RYUK_DISABLED', 'TESTCONTAINERS_HOST_OVERRIDE'])
    vi.stubEnv(name, '');
  folder = await mkdtemp(join(tmpdir(), 'healproof-silent-'));
  asked = [];
  answers = {};
  server = http.createServer((request, response) => {
    request.resume();
    const what = `${request.method} ${(request.url ?? '').split('?')[0]}`;
    asked.push(what);
    if (!(what in answers)) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[what]));
  });
  await new Promise<void>((done) => server.listen(`${folder}/docker.sock`, done));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

const machine = { id: 'abc', name: 'hp-run1-pve1', hostname: 'pve1' };

test('a command that does not come to start is given up after its limit', async () => {
  expect(await execLine(silentEngine(), machine, 'true', { limitMs: 10 })).toMatchObject({
    kind: 'timed-out',
    afterMs: 10,
  });
});

test('a command that does not come to start is given up when the run is interrupted', async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const running = execLine(silentEngine(), machine, 'true', { limitMs: 60_000, signal });
  await vi.waitFor(() => expect(asked).toEqual(['POST /containers/abc/exec']));
  stop.abort('SIGINT');
  expect(await running).toEqual({ kind: 'cut-off', because: 'the run was interrupted' });
});

test('an interrupted run starts no command', async () => {
  const signal = AbortSignal.abort('SIGINT');
  expect(await execLine(silentEngine(), machine, 'true', { limitMs: 60_000, signal })).toMatchObject({
    kind: 'cut-off',
  });
  expect(asked).toEqual([]);
});

test('a container for one command that does not come to start is given up, and removed', async () => {
  answers = { 'POST /containers/create': { Id: 'abc', Warnings: [] }, 'DELETE /containers/abc': {} };
  const once = { image: 'healproof/node:1', command: ['true'], volumes: [], limitMs: 10 };
  await expect(runOnce(silentEngine(), once)).rejects.toThrow(
    /could not be run .*starting it: the engine did not answer within 3\.0 s/,
  );
  expect(asked.at(-1)).toBe('DELETE /containers/abc');
});

test('a removal that is not answered ends with the deadline, says so, and lets the next one have its turn', async () => {
  const container = (name: string) => ({
    Id: name,
    Names: [`/hp-run1-${name}`],
    Labels: { healproof: '1', 'healproof.run': 'run1', 'healproof.pid': '1' },
  });
  answers = {
    'GET /containers/json': [container('pve1'), container('pve2')],
    'GET /networks': [],
    'GET /volumes': { Volumes: [] },
  };
  const left = await sweepRun(silentEngine(), 'run1', 200);
  expect(left).toEqual(
    ['pve1', 'pve2'].map(
      (name) =>
        expect.stringMatching(`^container hp-run1-${name}: removing it: the engine did not answer`) as string,
    ),
  );
  expect(asked.filter((what) => what.startsWith('DELETE'))).toHaveLength(2);
});
