import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { node } from '../model/names.ts';
import { lineOf } from './await-command.ts';

const does = {
  kind: 'await-command',
  gate: 'mine',
  on: node('pve1'),
  node: node('pve2'),
  budgetSeconds: 1,
} as const;
const run = (line: string): string => execFileSync('bash', ['-c', line], { encoding: 'utf8' });

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
