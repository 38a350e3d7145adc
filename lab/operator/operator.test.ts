import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import { makeKeyPair } from '../ssh/index.ts';
import { startServer } from '../ssh/server.fixture.ts';
import { Operator } from './operator.ts';

const NODE = node('pve1');
const NEVER = new AbortController().signal;

test('one session serves many lines; whoever goes in anew has a new one, for the old one may hang on a dead way', async () => {
  const { privateKey, publicKey } = makeKeyPair();
  await using server = await startServer({ authorized: publicKey });
  const addresses = { lan: new Map([[NODE, '127.0.0.1']]) };
  await using operator = await Operator.sitDown(
    { host: '127.0.0.1', port: server.port, privateKey },
    addresses,
  );
  const type = async (line: string) => (await operator.type(NODE, line, 5000, NEVER)).kind;
  expect([await type('one'), await type('two')]).toEqual(['exited', 'exited']);
  expect(server.connections()).toBe(2);
  operator.goBy('lan');
  expect(await type('three')).toBe('exited');
  expect(server.connections()).toBe(3);
  expect(server.ran).toEqual(['one', 'two', 'three']);
});
