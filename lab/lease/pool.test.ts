import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import { notSeen } from '../gluster/seen.ts';
import { poolOf, quorate } from './pool.ts';
import type { Answer, Membership } from './pool.ts';

/** `a: b c` is a node that calls itself a and knows b and c; `a: -` one that does not answer. */
const answers = (...said: readonly string[]): readonly Answer<Membership>[] =>
  said.map((text) => {
    const [uuid = '', peers = ''] = text.split(':').map((part) => part.trim());
    return {
      from: node(`host-${uuid}`),
      said: peers === '-' ? notSeen('away') : { seen: true, uuid, peers: peers.split(' ').filter(Boolean) },
    };
  });

test.each<[string, ReturnType<typeof answers>, object]>([
  ['three that know each other', answers('a: b c', 'b: a c', 'c: a b'), { size: 3, need: 2 }],
  ['a newcomer that not all know yet', answers('a: b d', 'b: a', 'd: a'), { size: 3, need: 2 }],
  ['those not named count into the size', answers('a: b c d', 'b: a c d'), { size: 4, need: 3 }],
  ['one alone that knows nobody', answers('a:'), { size: 1, need: 1, members: ['host-a'] }],
  [
    'a glusterd of its own beside a pool',
    answers('a: b', 'b: a', 'x:'),
    { uncounted: ['host-x: not a member of the pool'] },
  ],
])('%s', (_, said, expected) => {
  expect(poolOf(said)).toMatchObject({ seen: true, ...expected });
});

test.each<[string, ReturnType<typeof answers>, string]>([
  ['two pools', answers('a: b', 'b: a', 'x: y'), 'not one pool (host-a, host-b | host-x)'],
  ['several that know nobody', answers('a:', 'b:'), 'not one pool (host-a | host-b)'],
  ['one set up anew, the others away', answers('a:', 'b: -', 'c: -'), 'host-a knows no peers, and others'],
  ['nobody', answers('a: -'), 'no node answered (host-a: away)'],
  ['no glusterd anywhere', answers(':'), 'no node that answered has a glusterd'],
])('no pool is known: %s', (_, said, because) => {
  expect(poolOf(said)).toEqual(notSeen(expect.stringContaining(because) as string));
});

test('without a majority it is said who was missing', () => {
  const few = quorate(poolOf(answers('a: b c', 'b: -', 'c: -')));
  expect(few).toEqual(notSeen('1 of 3 nodes answered, which is no majority (host-b: away; host-c: away)'));
});
