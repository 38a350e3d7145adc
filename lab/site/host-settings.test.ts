import { expect, test } from 'vitest';
import { hostSettings } from './host-settings.ts';
import { readSshConfig } from './ssh-config.ts';

const settings = (config: string, alias = 'pve1') => {
  const files = {
    home: '/home/me',
    read: (path: string) => (path === '/home/me/.ssh/config' ? config : undefined),
    glob: () => [],
  };
  return hostSettings(readSshConfig(undefined, files), alias, {}, { env: {}, localUser: 'me', files });
};

test('of ProxyCommand and ProxyJump the first one counts, also when it switches the other off', () => {
  const all = 'Host *\n  ProxyJump door\n';
  expect(settings(`Host pve1\n  ProxyCommand none\n${all}`)).toMatchObject({ jumps: [] });
  expect(settings(`Host pve1\n  ProxyCommand none\n${all}`, 'pve2')).toMatchObject({ jumps: ['door'] });
  expect(settings(`${all}Host pve1\n  ProxyCommand none\n`)).toMatchObject({ jumps: ['door'] });
  expect(settings('ProxyJump none\nProxyCommand nc %h %p\nProxyJump door\n')).toMatchObject({ jumps: [] });
});

test('Match host is judged by the name that HostName expands to', () => {
  const config = 'Host pve?\n  HostName %h.lan\nMatch host pve1.lan\n  Port 5\nMatch host *%h*\n  Port 6\n';
  expect(settings(config)).toMatchObject({ hostName: 'pve1.lan', port: 5 });
  expect(settings(config, 'pve2')).toMatchObject({ hostName: 'pve2.lan', port: 22 });
  expect(settings('HostName a%%b\nMatch host a%b\n  Port 5\n')).toMatchObject({ hostName: 'a%b', port: 5 });
});
