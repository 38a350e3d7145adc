import { expect, test } from 'vitest';
import { hostSettings } from './host-settings.ts';
import type { Around } from './host-settings.ts';
import { readSshConfig } from './ssh-config.ts';
import { jumpOf } from './routes.ts';

const around = (texts: Readonly<Record<string, string>>): Around => ({
  env: { SSH_AUTH_SOCK: '/run/agent', KEYS: '/keys' },
  localUser: 'me',
  files: {
    home: '/home/me',
    read: (path) => texts[path],
    glob: (pattern) =>
      Object.keys(texts)
        .filter((path) => path.startsWith(pattern.replace(/\*.*$/, '')))
        .toSorted(),
  },
});
const settings = (config: string, alias = 'pve1', more: Readonly<Record<string, string>> = {}) => {
  const here = around({ '/home/me/.ssh/config': config, ...more });
  return hostSettings(readSshConfig(undefined, here.files), alias, {}, here);
};

test('nothing written: the defaults of ssh', () => {
  expect(settings('')).toMatchObject({
    hostName: 'pve1',
    port: 22,
    user: 'me',
    agent: '/run/agent',
    jumps: [],
    identityFiles: ['/home/me/.ssh/id_rsa', '/home/me/.ssh/id_ecdsa', '/home/me/.ssh/id_ed25519'],
  });
});

test('the first value wins, identity files add up, negated patterns and wildcards hold', () => {
  const config =
    'Host pve? !pve9\n  User root\n  IdentityFile ~/a\n' +
    'Host *\n  User nobody\n  Port 2222\n  IdentityFile ${KEYS}/%h_%r\n  HostName %h.lan\n  IdentityAgent none\n';
  expect(settings(config)).toMatchObject({
    user: 'root',
    port: 2222,
    hostName: 'pve1.lan',
    identityFiles: ['/home/me/a', '/keys/pve1.lan_root'],
    agent: undefined,
  });
  expect(settings(config, 'pve9')).toMatchObject({
    user: 'nobody',
    identityFiles: ['/keys/pve9.lan_nobody'],
  });
});

test('Include is followed, under the Host that it stands in, and the system file comes last', () => {
  const more = {
    '/home/me/.ssh/conf.d/a': 'User included\n',
    '/etc/ssh/ssh_config': 'Host *\n  User system\n  Port 7\n',
  };
  expect(settings('Host pve1\n  Include conf.d/*\n', 'pve1', more)).toMatchObject({
    user: 'included',
    port: 7,
  });
  expect(settings('Host pve1\n  Include conf.d/*\n', 'pve2', more)).toMatchObject({ user: 'system' });
  const loop = { '/home/me/.ssh/config': 'Include config\n' };
  expect(() => readSshConfig(undefined, around(loop).files)).toThrow(/more than 16 Includes/);
});

test('Match by host, original host and user is judged; what only ssh can judge is an error where it matters', () => {
  expect(settings('Host pve1\n  HostName n.lan\nMatch host *.lan\n  Port 5\n')).toMatchObject({ port: 5 });
  expect(settings('Match originalhost a,pve1 !user root\n  Port 5\n')).toMatchObject({ port: 5 });
  expect(settings('Match originalhost other exec "false"\n  Port 5\n')).toMatchObject({ port: 22 });
  expect(settings('Match final all\n  Ciphers aes256-ctr\n')).toMatchObject({ port: 22 });
  expect(() => settings('Match exec "true"\n  Port 5\n')).toThrow(
    /port stands under "Match exec true", which can't be judged here/,
  );
});

test('keywords that would connect differently are refused by name', () => {
  expect(() => settings('CertificateFile ~/c\n')).toThrow(
    /certificatefile ~\/c \(for pve1\) is not supported/,
  );
  expect(() => settings('CanonicalizeHostname yes\n')).toThrow(/canonicalizehostname/);
  expect(settings('ProxyCommand none\nSendEnv LANG\n')).toMatchObject({ jumps: [] });
  expect(settings('ProxyJump a,b\nProxyCommand nc\n')).toMatchObject({ jumps: ['a', 'b'] });
  expect(() => settings('Port none\n')).toThrow(/port "none" of pve1 is no port/);
  expect(() => settings('IdentityFile /k/%C\n')).toThrow(/%C is not supported/);
});

test('a jump host as ssh -J takes it', () => {
  expect(jumpOf('root@door:2200')).toEqual({ alias: 'door', user: 'root', port: 2200 });
  expect(jumpOf('ssh://me@[::1]:22')).toEqual({ alias: '::1', user: 'me', port: 22 });
  expect(jumpOf('door')).toEqual({ alias: 'door' });
  expect(() => jumpOf('a b')).toThrow(/is not \[user@\]host/);
});
