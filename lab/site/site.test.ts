import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { conditionNamed, node } from '../../harness/index.ts';
import { makeKeyPair } from '../ssh/index.ts';
import { makeEncryptedKey, startServer } from '../ssh/server.fixture.ts';
import type { TestServer } from '../ssh/server.fixture.ts';
import type { Around } from './host-settings.ts';
import { openSite } from './site.ts';
import { realFiles } from './ssh-config.ts';

const keys = makeKeyPair();
let home = '';
let stack = new AsyncDisposableStack();
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'healproof-site-'));
  stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh/id_ed25519'), keys.privateKey);
});
afterEach(() => stack.disposeAsync());

const here = (): Around => ({
  env: {},
  localUser: 'me',
  files: { ...realFiles, home, read: (path) => (path.startsWith('/etc') ? undefined : realFiles.read(path)) },
});
const server = async (answer?: (line: string) => string | undefined): Promise<TestServer> =>
  stack.use(await startServer({ authorized: keys.publicKey, ...(answer === undefined ? {} : { answer }) }));
const write = (name: string, text: string): void => writeFileSync(join(home, '.ssh', name), text);
const host = (name: string, { port }: TestServer, more = ''): string =>
  `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  User root\n${more}`;
const known = ({ port, hostKey }: TestServer): string => `[127.0.0.1]:${port} ${hostKey}\n`;
const open = (hosts: readonly string[], options = {}) =>
  stack.use(openSite({ hosts, here: here(), connectMs: 800, ...options }));

test('commands go over one connection per node, and over a new one after it was lost', async () => {
  const one = await server();
  write('config', host('pve1', one));
  write('known_hosts', known(one));
  const [shell] = open(['pve1']).shells();
  expect(shell?.node).toBe('pve1');
  const said = await Promise.all(['a', 'b', 'c'].map(async (line) => shell?.run(line, { limitMs: 2000 })));
  expect(said).toMatchObject(['a', 'b', 'c'].map((line) => ({ kind: 'exited', stdout: `${line}\n` })));
  expect(one.connections()).toBe(1);
  one.dropAll();
  await expect.poll(() => shell?.run('d', { limitMs: 2000 })).toMatchObject({ kind: 'exited' });
  expect(one.connections()).toBe(2);
});

test('all nodes answer though one is silent, and that one costs its time-out once', async () => {
  const one = await server();
  let calls = 0;
  const silent = createServer(() => (calls += 1)).listen(0, '127.0.0.1');
  stack.defer(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  write('config', `${host('pve1', one)}Host away\n  HostName 127.0.0.1\n  Port ${port}\n`);
  write('known_hosts', known(one));
  const shells = open(['pve1', 'away']).shells();
  const ask = (line: string) => Promise.all(shells.map((shell) => shell.run(line, { limitMs: 2000 })));
  const said = await ask('hello');
  expect(said).toMatchObject([
    { stdout: 'hello\n' },
    { kind: 'cut-off', because: expect.stringMatching(/127\.0\.0\.1.*Timed out/) },
  ]);
  expect(await ask('again')).toMatchObject([{ stdout: 'again\n' }, said[1]]);
  expect(calls).toBe(1);
});

test('a command that does not answer is given up at its own deadline, and the next one works', async () => {
  const one = await server((line) => (line === 'hang' ? undefined : 'well\n'));
  write('config', host('pve1', one));
  write('known_hosts', known(one));
  const [shell] = open(['pve1']).shells();
  expect(await shell?.run('hang', { limitMs: 200 })).toMatchObject({ kind: 'timed-out', afterMs: 200 });
  expect(await shell?.run('other', { limitMs: 2000 })).toMatchObject({ kind: 'exited', stdout: 'well\n' });
});

test('through a chain of jump hosts, each of them verified, and shared by the nodes', async () => {
  const [jump, second, one, two] = [await server(), await server(), await server(), await server()];
  write(
    'config',
    [
      host('door', jump),
      host('hall', second),
      host('pve1', one, '  ProxyJump door,hall\n'),
      host('pve2', two, '  ProxyJump door,hall\n'),
    ].join(''),
  );
  write('known_hosts', [jump, second, one, two].map(known).join(''));
  const shells = open(['pve1', 'pve2']).shells();
  const said = await Promise.all(shells.map((shell) => shell.run('x', { limitMs: 2000 })));
  expect(said).toMatchObject([{ stdout: 'x\n' }, { stdout: 'x\n' }]);
  expect([jump, second, one, two].map((each) => each.connections())).toEqual([1, 1, 1, 1]);
  write('known_hosts', [jump, one, two].map(known).join(''));
  const [again] = open(['pve1']).shells();
  expect(await again?.run('x', { limitMs: 2000 })).toMatchObject({
    kind: 'cut-off',
    because: expect.stringMatching(/^through hall: the host key of hall .* is not known/),
  });
  expect(one.connections()).toBe(1);
});

test('an unknown or changed host key is never talked to, whatever StrictHostKeyChecking says', async () => {
  const [one, other] = [await server(), await server()];
  write('config', host('pve1', one, '  StrictHostKeyChecking no\n'));
  const ask = () => open(['pve1']).shells()[0]?.run('secret', { limitMs: 2000 });
  expect(await ask()).toMatchObject({
    kind: 'cut-off',
    because: expect.stringMatching(
      /is not known: it shows ssh-ed25519 SHA256:\S+, .*known_hosts has no key of it.*ssh-keyscan -p \d+ 127\.0\.0\.1 >> .*"StrictHostKeyChecking no" is not followed/,
    ),
  });
  write('known_hosts', `[127.0.0.1]:${one.port} ${other.hostKey}\n`);
  expect(await ask()).toMatchObject({
    because: expect.stringMatching(/has changed: .*known_hosts:1 has another one.*ssh-keygen -R '\[127/),
  });
  write('known_hosts', `${known(one)}@revoked * ${one.hostKey}\n`);
  expect(await ask()).toMatchObject({ because: expect.stringMatching(/marked @revoked in .*known_hosts:2/) });
  write('known_hosts', `@cert-authority [127.0.0.1]:${one.port} ${one.hostKey}\n`);
  expect(await ask()).toMatchObject({
    because: expect.stringContaining('host certificates are not supported'),
  });
  expect(one.ran).toEqual([]);
});

test('no key, an encrypted key and a key that the host does not want: each with what to do', async () => {
  const one = await server();
  write('known_hosts', known(one));
  write('config', host('pve1', one, '  IdentityFile ~/.ssh/none\n'));
  const ask = () => open(['pve1']).shells()[0]?.run('x', { limitMs: 2000 });
  expect(await ask()).toMatchObject({
    because: expect.stringMatching(/no key to log in .*none is not there/),
  });
  write('locked', makeEncryptedKey());
  write('config', host('pve1', one, '  IdentityFile ~/.ssh/locked\n'));
  expect(await ask()).toMatchObject({ because: expect.stringMatching(/locked is encrypted: .*ssh-add/) });
  write('other', makeKeyPair().privateKey);
  write('config', host('pve1', one, '  IdentityFile ~/.ssh/other\n  IdentityFile ~/.ssh/locked\n'));
  expect(await ask()).toMatchObject({
    because: expect.stringMatching(/authentication methods failed.*locked is encrypted/),
  });
});

test('an inventory names hosts, how to reach them, the volume and what the site can not have', async () => {
  const one = await server();
  write('known_hosts', known(one));
  const file = join(home, 'inventory.ini');
  writeFileSync(
    file,
    `[gluster]\npve1 ansible_host=127.0.0.1 ansible_port=${one.port} ansible_user=root\n` +
      '[gluster:vars]\nhealproof_volume=vmstore\nhealproof_waive_F4="no BMC on these machines"\n[other]\nelsewhere\n',
  );
  const site = stack.use(openSite({ inventory: file, group: 'gluster', here: here(), connectMs: 800 }));
  const [shell, ...more] = site.shells();
  expect([shell?.node, more]).toEqual(['pve1', []]);
  expect(await shell?.run('x', { limitMs: 2000 })).toMatchObject({ kind: 'exited' });
  expect(site.volume).toBe('vmstore');
  expect(shell && site.waivers(shell.node)).toEqual([{ condition: 'F4', why: 'no BMC on these machines' }]);
  expect(() => openSite({ inventory: file, group: 'nobody', here: here() })).toThrow(
    /no group nobody; it has/,
  );
  expect(() => openSite({ inventory: file, hosts: ['pve9'], here: here() })).toThrow(/no host pve9/);
});

const EXAMPLE = join(import.meta.dirname, 'site.example.ini');
const DESCRIBED = {
  routers: {
    guests: [
      { name: 'router-a', vmid: 101 },
      { name: 'router-b', vmid: 102 },
    ],
    addresses: ['198.18.0.1'],
  },
  backups: { folders: ['/mnt/backup/dump'], vmids: [101, 102], withinHours: 24 },
  outOfBand: [
    { of: 'lte-modem', host: '198.18.4.1', port: 22 },
    { of: 'bmc-pve1', host: '198.18.4.11', port: 443 },
    { of: 'bmc-pve2', host: '198.18.4.12', port: 443 },
    { of: 'bmc-pve3', host: '198.18.4.13', port: 443 },
  ],
  alerting: {
    alertmanager: 'http://198.18.0.20:9093',
    heartbeat: 'Watchdog',
    withinSeconds: 150,
    silences: [],
  },
};

test('the shipped example names three nodes, describes all that F1 to F5 need, and waives nothing', () => {
  const site = stack.use(openSite({ inventory: EXAMPLE, group: 'gluster', here: here() }));
  expect(site.shells().map((shell) => shell.node)).toEqual(['pve1', 'pve2', 'pve3']);
  expect(site.volume).toBe('vmstore');
  for (const { node: name } of site.shells()) {
    expect(site.description(name)).toEqual(DESCRIBED);
    expect(site.waivers(name)).toEqual([]);
  }
});

test('what it allows behind # is understood when the # is taken away, and waives conditions that there are', () => {
  const file = join(home, 'site.ini');
  writeFileSync(file, readFileSync(EXAMPLE, 'utf8').replaceAll(/^#(?=healproof_)/gm, ''));
  const site = stack.use(openSite({ inventory: file, here: here() }));
  expect(site.description(node('pve2'))).toEqual({
    ...DESCRIBED,
    mayStop: [103, 104],
    alerting: { ...DESCRIBED.alerting, silences: ['8f1c2d3e-0000-4000-8000-000000000001'] },
  });
  const waivers = site.waivers(node('pve2'));
  expect(waivers.map(({ condition }) => conditionNamed(condition).code)).toEqual([
    'F2',
    'F3',
    'F4',
    'F5',
    'A3a',
  ]);
  expect(waivers.every(({ why }) => /^\w.*\w$/.test(why))).toBe(true);
});

test('options that make no sense say so before anybody is connected to', () => {
  expect(() => open([])).toThrow(/no node was named/);
  expect(() => open(['pve1', 'pve1'])).toThrow(/names pve1 twice/);
  expect(() => open(['root@pve1'])).toThrow(/users and ports go into ssh_config/);
  expect(() => open(['pve1'], { sshConfig: join(home, 'nothing') })).toThrow(/there is no such file/);
  write('config', 'Host pve1\n  ProxyCommand nc %h %p\n');
  expect(() => open(['pve1'])).toThrow(
    /proxycommand nc %h %p \(for pve1\) is not supported; write "ProxyJump/,
  );
});
