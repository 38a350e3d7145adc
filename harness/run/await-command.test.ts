import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { node } from '../model/names.ts';
import type { EventBody, StepOutcome } from '../model/event.ts';
import { awaitCommand, lineOf } from './await-command.ts';
import type { Stage } from './play.ts';

const does = {
  kind: 'await-command',
  gate: 'mine',
  on: node('pve1'),
  node: node('pve2'),
  budgetSeconds: 1,
} as const;
const run = (line: string): string =>
  execFileSync('bash', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

it('the script finds its question in the environment, whatever quotes it has', () => {
  const script = `echo "it's" '$HOME' "$HEALPROOF_NODE of $HEALPROOF_NODES"`;
  const environment = { HEALPROOF_NODE: 'pve2', HEALPROOF_NODES: 'pve1 pve2' };
  expect(run(lineOf({ ...does, script, environment, speed: 1 }))).toBe("it's $HOME pve2 of pve1 pve2\n");
});

it('its own sleeps are shortened', () => {
  const line = lineOf({ ...does, script: 'sleep 300; echo awake', environment: {}, speed: 3000 });
  const began = performance.now();
  expect(run(line)).toBe('awake\n');
  expect(performance.now() - began).toBeLessThan(5000);
});

it('its exit code is the answer', () => {
  expect(() => run(lineOf({ ...does, script: 'exit 65', environment: {}, speed: 1 }))).toThrow(/65|failed/i);
});

/** A stage on which the script ends as told, one outcome after the other; the last one again and again. */
function stage(outcomes: readonly StepOutcome[]) {
  const journal: EventBody[] = [];
  let now = 0;
  let at = 0;
  const played = {
    lab: {
      operate: () => Promise.resolve(outcomes[Math.min(at++, outcomes.length - 1)]),
    },
    journal: { record: (body: EventBody) => journal.push(body) },
    clock: { epochMs: () => now, pause: (ms: number) => Promise.resolve(void (now += ms)) },
    signal: new AbortController().signal,
  } as unknown as Stage;
  const gates = () => journal.flatMap((event) => (event.kind === 'gate' ? [event.decision] : []));
  return { played, gates };
}
const asking = { ...does, script: '', environment: {}, speed: 1, budgetSeconds: 5 };

it('go is go at once; anything else is asked again until it is', async () => {
  const { played, gates } = stage([
    { kind: 'failed', exitCode: 65, output: 'files\nare pending' },
    { kind: 'cut-off', because: 'no route' },
    { kind: 'done', output: '' },
  ]);
  expect(await awaitCommand(played, asking, 0)).toMatchObject({ kind: 'done' });
  expect(gates()).toEqual([
    { kind: 'held', waitingFor: ['exit code 65: are pending'] },
    { kind: 'held', waitingFor: ['no route'] },
    { kind: 'open' },
  ]);
});

it('a script that never says go is given up after its budget, with its last words', async () => {
  const { played } = stage([{ kind: 'failed', exitCode: 1, output: 'no' }]);
  expect(await awaitCommand(played, asking, 0)).toEqual({
    kind: 'given-up',
    because: 'mine did not say go for pve2 within 5 s: exit code 1: no',
  });
});
