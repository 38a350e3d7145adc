import { expect, test } from 'vitest';
import { toItsEnd } from './to-its-end.ts';

/** As vitest does it: the hook is kept, and called when the test is over. */
function keeper() {
  const hooks: (() => Promise<void>)[] = [];
  return {
    register: (hook: () => Promise<void>) => void hooks.push(hook),
    over: () => Promise.all(hooks.map((hook) => hook())),
  };
}

const listeners = (): readonly number[] =>
  ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));

test.each(['ends', 'fails'] as const)(
  'the hook is over when the story is, and signals are left alone until then: it %s',
  async (how) => {
    const before = listeners();
    const { register, over } = keeper();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const told = toItsEnd(() => promise, register).catch(() => 'failed');
    let isOver = false;
    const waited = over().then(() => (isOver = true));
    await new Promise((soon) => setImmediate(soon));
    expect(isOver).toBe(false);
    expect(listeners()).toEqual(before.map((count) => count + 1));
    if (how === 'ends') resolve('told');
    else reject(new Error('no evidence'));
    await waited;
    expect(await told).toBe(how === 'ends' ? 'told' : 'failed');
    expect(listeners()).toEqual(before);
  },
);
