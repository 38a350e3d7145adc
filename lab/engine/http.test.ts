import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askFacts, findEngine } from './find.ts';
import { askEngine, connectionOf, engineJson } from './http.ts';

let folder = '';
let server: http.Server;
let host = '';

/** A stand-in for an engine: answers what `answers` says, and to nothing else. */
const answers = new Map<string, { status: number; body: string }>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'healproof-engine-'));
  host = `unix://${folder}/docker.sock`;
  server = http.createServer((request, response) => {
    const answer = answers.get(request.url ?? '');
    if (answer) response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(`${folder}/docker.sock`, done));
});
afterEach(async () => {
  answers.clear();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

const say = (path: string, body: unknown, status = 200): unknown =>
  answers.set(path, { status, body: typeof body === 'string' ? body : JSON.stringify(body) });

test('facts about an engine', async () => {
  say('/version', { Version: '29.1.0', ApiVersion: '1.52', Arch: 'arm64' });
  say('/info', {
    CgroupVersion: '2',
    Driver: 'overlayfs',
    SecurityOptions: ['name=rootless', 'name=userns'],
    DockerRootDir: '/d',
  });
  expect(await askFacts({ kind: 'env', host, from: 'DOCKER_HOST', explicit: true })).toMatchObject({
    version: '29.1.0',
    cgroupVersion: '2',
    rootless: true,
    remapped: true,
    arch: 'arm64',
    socketPath: `${folder}/docker.sock`,
    dataRoot: '/d',
  });
});

test('what the engine says on a refusal is in the error, with the request and the place', async () => {
  say('/version', { message: 'client is too old' }, 400);
  await expect(engineJson(host, { path: '/version', limitMs: 1000 })).rejects.toThrow(
    `GET /version at ${host}: HTTP 400: client is too old`,
  );
});

test('one that does not answer is given up', async () => {
  await expect(askEngine(host, { path: '/nothing', limitMs: 50 })).rejects.toThrow(
    `GET /nothing at ${host}: no answer within 0.05 s`,
  );
});

test('a dead DOCKER_HOST is refused, never replaced', async () => {
  const search = await findEngine({ DOCKER_HOST: `unix://${folder}/none.sock` });
  expect(search).toMatchObject({ kind: 'refused', dead: { missing: true } });
});

test('pieces are handed on as they come', async () => {
  say('/build', '{"stream":"a"}\n{"stream":"b"}\n');
  let got = '';
  await askEngine(host, { path: '/build', limitMs: 1000, onData: (chunk) => (got += chunk) });
  expect(got).toBe('{"stream":"a"}\n{"stream":"b"}\n');
});

test('addresses that can and can not be spoken to', () => {
  expect(connectionOf('unix:///a/b')).toEqual({ socketPath: '/a/b' });
  expect(connectionOf('tcp://127.0.0.1:2376')).toEqual({ host: '127.0.0.1', port: 2376 });
  expect(connectionOf('tcp://localhost')).toEqual({ host: 'localhost', port: 2375 });
  // Ports of a lab would be published on the other machine's loopback.
  for (const elsewhere of ['tcp://198.18.0.1:2376', 'ssh://me@there', 'tcp://127.example.net'])
    expect(() => connectionOf(elsewhere)).toThrow('Run Healproof on the machine of that engine');
  expect(() => connectionOf('nonsense')).toThrow('unix:// or plain tcp://');
});
