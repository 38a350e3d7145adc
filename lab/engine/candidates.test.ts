import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { BadDockerSettings, engineCandidates } from './candidates.ts';

const HOME = '/home/someone';
const metaOf = (name: string): string =>
  `${HOME}/.docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`;

/** Docker's settings as they lie in the file system. */
const files =
  (all: Readonly<Record<string, unknown>>) =>
  (path: string): string | undefined =>
    path in all ? (typeof all[path] === 'string' ? all[path] : JSON.stringify(all[path])) : undefined;

const CONTEXT = {
  [`${HOME}/.docker/config.json`]: { currentContext: 'colima' },
  [metaOf('colima')]: { Name: 'colima', Endpoints: { docker: { Host: 'unix:///run/colima.sock' } } },
};
const none = files({});

test('DOCKER_HOST wins over the context, and then nothing else is looked at', () => {
  const env = { HOME, DOCKER_HOST: 'unix:///mine.sock', DOCKER_CONTEXT: 'colima' };
  expect(engineCandidates(env, files(CONTEXT))).toEqual([
    { kind: 'env', host: 'unix:///mine.sock', from: 'DOCKER_HOST', explicit: true },
  ]);
});

test('an empty DOCKER_HOST is none', () => {
  expect(engineCandidates({ HOME, DOCKER_HOST: '' }, none)[0]?.kind).toBe('system');
});

test('DOCKER_CONTEXT is asked for by name, so nothing else will do', () => {
  expect(engineCandidates({ HOME, DOCKER_CONTEXT: 'colima' }, files(CONTEXT))).toEqual([
    { kind: 'context', host: 'unix:///run/colima.sock', from: 'docker context "colima"', explicit: true },
  ]);
});

test('the current context comes first, then the usual sockets, then our own engine', () => {
  const env = { HOME, XDG_RUNTIME_DIR: '/run/user/1000' };
  expect(engineCandidates(env, files(CONTEXT)).map(({ host }) => host)).toEqual([
    'unix:///run/colima.sock',
    'unix:///var/run/docker.sock',
    'unix:///run/user/1000/docker.sock',
    `unix://${HOME}/.cache/healproof/engine/docker.sock`,
  ]);
});

test('the context "default" means none', () => {
  const read = files({ [`${HOME}/.docker/config.json`]: { currentContext: 'default' } });
  expect(engineCandidates({ HOME }, read).map(({ kind }) => kind)).toEqual(['system', 'private']);
  expect(engineCandidates({ HOME, DOCKER_CONTEXT: 'default' }, files(CONTEXT))[0]?.kind).toBe('system');
});

test('settings can lie elsewhere', () => {
  const read = files({ '/etc/dockercfg/config.json': { currentContext: 'x' } });
  expect(() => engineCandidates({ HOME, DOCKER_CONFIG: '/etc/dockercfg' }, read)).toThrow('"x"');
});

test('a context without an endpoint, or settings that are no JSON, say what to do', () => {
  expect(() => engineCandidates({ HOME, DOCKER_CONTEXT: 'gone' }, none)).toThrow(BadDockerSettings);
  const broken = files({ [`${HOME}/.docker/config.json`]: '{' });
  expect(() => engineCandidates({ HOME }, broken)).toThrow(/config\.json is not JSON.*set DOCKER_HOST/s);
});

test('our own engine lies in the cache folder; a relative XDG_CACHE_HOME counts for nothing', () => {
  const last = (env: Record<string, string>): string | undefined => engineCandidates(env, none).at(-1)?.host;
  expect(last({ HOME, XDG_CACHE_HOME: '/c' })).toBe('unix:///c/healproof/engine/docker.sock');
  expect(last({ HOME, XDG_CACHE_HOME: 'c' })).toBe(`unix://${HOME}/.cache/healproof/engine/docker.sock`);
});
