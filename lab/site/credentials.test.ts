import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeKeyPair } from '../ssh/index.ts';
import { makeEncryptedKey } from '../ssh/server.fixture.ts';
import { credentialsOf } from './credentials.ts';
import { hostSettings } from './host-settings.ts';
import { readSshConfig } from './ssh-config.ts';

function offered(config: string, texts: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-agent-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, 'agent');
  writeFileSync(socket, '');
  const all: Readonly<Record<string, string>> = { ...texts, '/home/me/.ssh/config': config };
  const files = { home: '/home/me', read: (path: string) => all[path], glob: () => [] };
  const here = { env: { SSH_AUTH_SOCK: socket }, localUser: 'me', files };
  return credentialsOf(hostSettings(readSshConfig(undefined, files), 'pve1', {}, here), files).identities.map(
    (one) => (one.kind === 'key' ? 'file' : (one.only ?? 'all of the agent')),
  );
}

test('of an agent with many keys the named ones are offered first: hosts allow few tries', () => {
  const { privateKey, publicKey } = makeKeyPair();
  const locked = makeEncryptedKey();
  const named = 'IdentityFile /k/ops\n';
  const [, ops = ''] = publicKey.split(' ');
  expect(offered(named, { '/k/ops': locked, '/k/ops.pub': publicKey })).toEqual([[ops], 'all of the agent']);
  expect(offered(named, { '/k/ops.pub': publicKey })).toEqual([[ops], 'all of the agent']);
  expect(offered(`${named}IdentitiesOnly yes\n`, { '/k/ops.pub': publicKey })).toEqual([[ops]]);
  // What can be offered from its file need not come from the agent as well.
  expect(offered(named, { '/k/ops': privateKey })).toEqual(['file', 'all of the agent']);
  expect(offered('', {})).toEqual(['all of the agent']);
});
