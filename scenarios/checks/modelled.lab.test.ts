/** Where QEMU can't run, a process stands in for each router: it forwards, fails over, writes its disk, and every report says so. */
import { expect, test } from 'vitest';
import { kitFacts, playStory } from '../stage.ts';
import { Evidence, leftOf } from './evidence.fixture.ts';
import { shortStory } from './short-story.ts';

test('the shortest story with modelled routers', { timeout: 120_000 }, async () => {
  using evidence = new Evidence();
  const result = await playStory(shortStory('modelled'), {
    out: evidence.dir,
    facts: { ...kitFacts(), guests: 'modelled', accelerator: 'asked for by a test' },
    signal: new AbortController().signal,
  });
  expect([result.verdict, result.because]).toEqual(['holds', expect.stringContaining('acknowledged writes')]);
  const { history } = evidence.history();
  const began = history.find((event) => event.kind === 'run-began');
  expect(began?.modelled.at(-1)).toContain('the routers are modelled, not real VMs');
  const writers = new Set(
    history.flatMap((event) => (event.kind === 'write-acknowledged' ? [event.router] : [])),
  );
  expect([...writers].toSorted()).toEqual(['router-a', 'router-b']);
  expect(await leftOf(evidence.run())).toEqual([]);
});
