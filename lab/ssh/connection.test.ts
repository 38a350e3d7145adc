import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { makeKeyPair } from './index.ts';

test('every pair of keys opens what it was made for; one bad pair in 256 shows here', () => {
  const bad = Array.from({ length: 1500 }, makeKeyPair).filter(({ privateKey, publicKey }) => {
    const [ours, theirs] = [ssh2.utils.parseKey(privateKey), ssh2.utils.parseKey(publicKey)];
    if (ours instanceof Error || theirs instanceof Error) return true;
    return !ours.getPublicSSH().equals(theirs.getPublicSSH());
  });
  expect(bad).toEqual([]);
});
