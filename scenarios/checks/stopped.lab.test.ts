/** Whatever stops a run: it ends soon, says why, keeps its history, and leaves nothing on the engine. */
import { expect, test } from 'vitest';
import type { Event, Phase } from '../../harness/index.ts';
import { kitFacts, playStory } from '../stage.ts';
import { CuttableEngine } from './cuttable-engine.fixture.ts';
import { Evidence, leftOf, sweep } from './evidence.fixture.ts';
import { shortStory } from './short-story.ts';

const LIMIT_MS = 120_000;
/** From the signal to the end of the run; taking a lab down takes two to five seconds. */
const SOON_MS = 30_000;

const began = (phase: Phase) => (event: Event) => event.kind === 'phase' && event.phase === phase;
const STAGES: readonly (readonly [string, (event: Event) => boolean])[] = [
  [
    'while machines start',
    (event) => event.kind === 'note' && event.text.startsWith('networks and volumes made'),
  ],
  ['while the volume is made', (event) => event.kind === 'note' && event.text.startsWith('nodes started')],
  ['while it is confirmed to be clean', began('confirm')],
  ['while a node is down', (event) => event.kind === 'node' && event.state === 'down'],
  ['while it settles', began('settle')],
];

test.each(STAGES)('interrupted %s', { timeout: LIMIT_MS }, async (_stage, reached) => {
  using evidence = new Evidence();
  const stop = new AbortController();
  let stoppedAt: number | undefined;
  const result = await playStory(shortStory('interrupted'), {
    out: evidence.dir,
    facts: kitFacts(),
    signal: stop.signal,
    onEvent: (event) => {
      if (stop.signal.aborted || !reached(event)) return;
      stoppedAt = performance.now();
      stop.abort('SIGINT');
    },
  });
  const endedAt = performance.now();
  // A run that never came so far says here why.
  expect([result.verdict, result.because]).toEqual([
    'unknown',
    expect.stringContaining('interrupted (SIGINT)'),
  ]);
  expect(endedAt - (stoppedAt ?? 0)).toBeLessThan(SOON_MS);
  const { history, cutOff } = evidence.history();
  expect(cutOff).toBeUndefined();
  expect(history.find((event) => event.kind === 'aborted')).toMatchObject({
    because: expect.stringContaining('interrupted (SIGINT)') as string,
  });
  expect(history.at(-1)).toMatchObject({ kind: 'phase', phase: 'over' });
  expect(await leftOf(evidence.run())).toEqual([]);
});

test(
  'an interrupt during the last look loses nothing: all was seen, so it is judged',
  { timeout: LIMIT_MS },
  async () => {
    using evidence = new Evidence();
    const stop = new AbortController();
    const result = await playStory(shortStory('interrupted-late'), {
      out: evidence.dir,
      facts: kitFacts(),
      signal: stop.signal,
      onEvent: (event) => {
        if (began('observe')(event)) stop.abort('SIGINT');
      },
    });
    expect([result.verdict, result.because]).toEqual(['holds', expect.any(String)]);
    expect(await leftOf(evidence.run())).toEqual([]);
  },
);

test(
  'a disk that is full ends the run with the reason, and the history up to there is kept',
  { timeout: LIMIT_MS },
  async () => {
    using evidence = new Evidence();
    let full = false;
    const played = playStory(shortStory('disk-full'), {
      out: evidence.dir,
      facts: kitFacts(),
      signal: new AbortController().signal,
      through: (file) => ({
        record(body, epochMs) {
          if (full) throw new Error('ENOSPC: no space left on device, write');
          const event = file.record(body, epochMs);
          full = event.kind === 'node' && event.state === 'down';
          return event;
        },
      }),
    });
    await expect(played).rejects.toThrow('no space left on device');
    expect(evidence.history().history.some((event) => event.kind === 'write-acknowledged')).toBe(true);
    expect(await leftOf(evidence.run())).toEqual([]);
  },
);

test(
  'an engine that is stopped ends the run, and what it left is removed when it is back',
  { timeout: LIMIT_MS },
  async () => {
    using evidence = new Evidence();
    using engine = new CuttableEngine(kitFacts().host);
    await engine.start();
    let cutAt = 0;
    const result = await playStory(shortStory('engine-stopped'), {
      out: evidence.dir,
      facts: { ...kitFacts(), host: engine.host },
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (cutAt > 0 || event.kind !== 'node' || event.state !== 'down') return;
        cutAt = performance.now();
        engine.cut();
      },
    });
    const tookMs = performance.now() - cutAt;
    const left = await leftOf(evidence.run());
    expect(await sweep(evidence.run())).toEqual([]);
    expect(left).not.toEqual([]);
    expect(tookMs).toBeLessThan(SOON_MS);
    expect(result.verdict).toBe('unknown');
    const because = evidence
      .history()
      .history.flatMap((event) => (event.kind === 'aborted' ? [event.because] : []));
    expect(because[0]).toContain('the recorder or the engine is gone');
    expect(because.at(-1)).toContain('healproof prune');
  },
);

test('a node that never comes back', { timeout: LIMIT_MS }, async () => {
  using evidence = new Evidence();
  const story = shortStory('no-power', 12);
  const result = await playStory(story, {
    out: evidence.dir,
    facts: kitFacts(),
    signal: new AbortController().signal,
    onEvent: (event, lab) => {
      if (event.kind === 'step-began') lab?.breakPowerOf(event.node ?? story.site.nodes[0] ?? fail());
    },
  });
  const { history } = evidence.history();
  expect(history.find((event) => event.kind === 'step-ended')).toMatchObject({
    outcome: {
      kind: 'given-up',
      because: expect.stringContaining('pve3 did not answer within 12 s') as string,
    },
  });
  expect(history.find((event) => event.kind === 'settled')).toMatchObject({
    ok: false,
    pending: expect.arrayContaining([expect.stringContaining('pve3 is not up')]) as string[],
  });
  expect(result.verdict).not.toBe('holds');
  expect(await leftOf(evidence.run())).toEqual([]);
});

const fail = (): never => {
  throw new Error('bug: a site without nodes');
};
