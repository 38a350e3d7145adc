import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { usersOf } from './users.ts';

/** Of no process: above the kernel's greatest. */
const NOBODY = 2 ** 30;

let folder = '';
let server: http.Server;
let answers: Readonly<Record<string, unknown>> = {};
let filters: (string | null)[] = [];

beforeEach(async () => {
  filters = [];
  folder = await mkdtemp(join(tmpdir(), 'healproof-users-'));
  server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
    filters.push(searchParams.get('filters'));
    response.end(JSON.stringify(answers[pathname]));
  });
  await new Promise<void>((done) => server.listen(`${folder}/docker.sock`, done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

const of = (run: string, pid: number) => ({
  Labels: { healproof: '1', 'healproof.run': run, 'healproof.pid': String(pid) },
});

test('runs whose process lives, each once; not our own, and not what dead ones left', async () => {
  answers = {
    '/containers/json': [of('living', process.ppid), of('living', process.ppid), of('dead', NOBODY)],
    '/networks': [of('being-built', process.ppid), of('ours', process.pid), { Labels: null }],
  };
  expect(await usersOf(`unix://${folder}/docker.sock`, process.pid)).toEqual([
    { run: 'living', pid: process.ppid },
    { run: 'being-built', pid: process.ppid },
  ]);
  expect(filters).toEqual(Array.from({ length: 2 }, () => '{"label":["healproof.run"]}'));
});

test('an engine that does not answer serves nobody', async () => {
  expect(await usersOf(`unix://${folder}/none.sock`, process.pid)).toEqual([]);
});
