import { describe, expect, test } from 'vitest';
import { knownAs, parseKnownHosts, trust } from './known-hosts.ts';

const KEY = { type: 'ssh-ed25519', base64: 'AAAAC3Nza' };
const OTHER = 'AAAAC3Other';
const kind = (text: string, names: readonly [string, ...string[]] = ['pve1']): string =>
  trust(parseKnownHosts(text, 'known_hosts'), names, KEY).kind;

describe('a key is known, unknown or changed', () => {
  test.each([
    ['a plain name', `pve1 ssh-ed25519 ${KEY.base64} comment`, 'known'],
    ['one of several', `x,pve1 ssh-ed25519 ${KEY.base64}`, 'known'],
    ['a wildcard', `pve* ssh-ed25519 ${KEY.base64}`, 'known'],
    ['a negated name', `pve*,!pve1 ssh-ed25519 ${KEY.base64}`, 'unknown'],
    ['upper case', `PVE1 ssh-ed25519 ${KEY.base64}`, 'known'],
    ['another host', `pve2 ssh-ed25519 ${KEY.base64}`, 'unknown'],
    ['another type only', `pve1 ecdsa-sha2-nistp256 ${OTHER}`, 'unknown'],
    ['another key of the type', `pve1 ssh-ed25519 ${OTHER}`, 'changed'],
    ['one of two keys of the type', `pve1 ssh-ed25519 ${OTHER}\npve1 ssh-ed25519 ${KEY.base64}`, 'known'],
    [
      'revoked for everybody',
      `pve1 ssh-ed25519 ${KEY.base64}\n@revoked * ssh-ed25519 ${KEY.base64}`,
      'revoked',
    ],
    ['another revoked key', `pve1 ssh-ed25519 ${KEY.base64}\n@revoked * ssh-ed25519 ${OTHER}`, 'known'],
    ['an authority only', `@cert-authority pve* ssh-ed25519 ${KEY.base64}`, 'certificate-only'],
    ['comments and broken lines', `# pve1 ssh-ed25519 ${KEY.base64}\npve1 ssh-ed25519\n`, 'unknown'],
  ])('%s', (_, text, expected) => expect(kind(text)).toBe(expected));
});

test('hashed names, as ssh-keygen -H writes them', () => {
  // Made by: echo "pve1 ssh-ed25519 ..." > f; ssh-keygen -H -f f
  const hashed = '|1|C4qFjvqquho+CSnRTZ5cbHbPDhY=|jcqYB+cZ9EEnRScA3QC5DF2wOEA=';
  expect(kind(`${hashed} ssh-ed25519 ${KEY.base64}`)).toBe('known');
  expect(kind(`${hashed} ssh-ed25519 ${KEY.base64}`, ['pve2'])).toBe('unknown');
});

test('another port is part of the name; without it only the very same key counts', () => {
  const names = [knownAs('PVE1', 2222), knownAs('PVE1', 22)] as const;
  expect(names).toEqual(['[pve1]:2222', 'pve1']);
  expect(kind(`[pve1]:2222 ssh-ed25519 ${KEY.base64}`, names)).toBe('known');
  expect(kind(`pve1 ssh-ed25519 ${KEY.base64}`, names)).toBe('known');
  expect(kind(`pve1 ssh-ed25519 ${OTHER}`, names)).toBe('unknown');
  expect(kind(`[pve1]:2222 ssh-ed25519 ${OTHER}\npve1 ssh-ed25519 ${OTHER}`, names)).toBe('changed');
});

test('a changed key stays changed, also when the name without the port has the key that is shown', () => {
  const names = [knownAs('pve1', 2222), knownAs('pve1', 22)] as const;
  const without = `pve1 ssh-ed25519 ${KEY.base64}`;
  expect(kind(`[pve1]:2222 ssh-ed25519 ${OTHER}\n${without}`, names)).toBe('changed');
  expect(kind(`[pve1]:2222 ecdsa-sha2-nistp256 ${OTHER}\n${without}`, names)).toBe('known');
});
