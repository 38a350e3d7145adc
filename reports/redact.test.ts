import { expect, test } from 'vitest';
import { redact } from './redact.ts';

const KEY = [
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU',
  '-----END OPENSSH PRIVATE KEY-----',
].join('\n');

test.each([
  ['a key block', `before\n${KEY}\nafter`, 'before\n[redacted]\nafter'],
  ['a key block that is cut off', `before\n${KEY.slice(0, 60)}`, 'before\n[redacted]'],
  ['two key blocks', `${KEY} and ${KEY}`, '[redacted] and [redacted]'],
  ['a password', 'login password=hunter2 ok', 'login password=[redacted] ok'],
  ['a password in JSON', '{"password": "a b", "n": 1}', '{"password": "[redacted]", "n": 1}'],
  ['a token as an option', 'curl --auth-token abc123 host', 'curl --auth-token [redacted] host'],
  ['an npm token', '//host/:_authToken=abc', '//host/:_authToken=[redacted]'],
  ['a key by name', 'API_KEY: abc', 'API_KEY: [redacted]'],
  ['a secret in the environment', 'CLIENT_SECRET=abc', 'CLIENT_SECRET=[redacted]'],
  ['a bearer', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['basic', '"authorization":"Basic YWJj"', '"authorization":"Basic [redacted]"'],
  ['an address', 'http://me:pw@host/x', 'http://me:[redacted]@host/x'],
])('takes out %s', (_, text, clean) => {
  expect(redact(text)).toBe(clean);
});

test.each([
  'pve1 sshd[210]: Accepted publickey for root from 198.18.2.32 port 4022 ssh2: ED25519 SHA256:abc',
  'tbf: token bucket filter, 3 tokens left',
  '[2026-11-23 05:24:10] I [MSGID: 108026] afr_selfheal: Completed data selfheal on 4a6f0c1e sources=[0] sinks=1',
  'http://198.18.1.21:80/files/12',
  '/usr/lib/passwd-tools and keyring',
  '-----BEGIN CERTIFICATE-----',
])('leaves alone: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('a long log takes no long time', { timeout: 60_000 }, () => {
  const log = 'password token secret authorization http://a:b -----BEGIN x '.repeat(20_000);
  const before = process.cpuUsage();
  redact(log);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1_000);
});
