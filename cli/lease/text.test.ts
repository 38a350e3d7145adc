import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import { heldSentence, leaseJson, releaseLine, uncountedLines } from './text.ts';

test('who is refused reads a line that can be typed as it is: the site of this call, and whose lease it is', () => {
  const by = { owner: "Ann O'Hara", node: node('pve2'), token: 't', ttlSeconds: 600, ageSeconds: 60 };
  expect(heldSentence(by, { hosts: ['pve1', 'pve2'], sshConfig: 'ssh.conf' })).toMatch(
    /Talk to Ann O'Hara; .*: healproof lease release --hosts pve1,pve2 --ssh-config ssh\.conf --owner 'Ann O'\\''Hara'$/,
  );
});

test('words of the call that are not about the site are left out', () => {
  const words = { inventory: 'site.ini', node: 'pve2', owner: 'bob', json: false };
  expect(releaseLine('ann@desk', words)).toBe(
    'healproof lease release --inventory site.ini --owner ann@desk',
  );
});

test('whoever does not count is named, in words and as JSON', () => {
  const free = { kind: 'free', uncounted: ['mon1: no glusterd there'] } as const;
  expect(uncountedLines(free)).toEqual(['       not counted: mon1: no glusterd there']);
  expect(leaseJson(free)).toEqual({ lease: 'free', uncounted: ['mon1: no glusterd there'] });
});
