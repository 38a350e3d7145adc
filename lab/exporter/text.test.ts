import { expect, it } from 'vitest';
import type { Sample } from '../../harness/index.ts';
import { textOf } from './text.ts';

const PATH = String.raw`pve1:/bricks/odd "name"\1`;
const SAMPLES: readonly Sample[] = [
  { name: 'healproof_quorum_margin', labels: { volume: 'v', node: 'pve1' }, value: -1 },
  { name: 'healproof_brick_readable', labels: { volume: 'v', brick: PATH }, value: 0 },
  { name: 'healproof_last_success_timestamp_seconds', labels: {}, value: 1_795_600_000.25 },
];

it('names, help and type before the samples, values as they are, labels escaped', async () => {
  expect((await textOf(SAMPLES)).trim().split('\n')).toEqual([
    expect.stringMatching(/^# HELP healproof_brick_readable 1: its index was read/),
    '# TYPE healproof_brick_readable gauge',
    String.raw`healproof_brick_readable{volume="v",brick="pve1:/bricks/odd \"name\"\\1"} 0`,
    '',
    expect.stringMatching(/^# HELP healproof_quorum_margin /),
    '# TYPE healproof_quorum_margin gauge',
    'healproof_quorum_margin{volume="v",node="pve1"} -1',
    '',
    expect.stringMatching(/^# HELP healproof_last_success_timestamp_seconds /),
    '# TYPE healproof_last_success_timestamp_seconds gauge',
    'healproof_last_success_timestamp_seconds 1795600000.25',
  ]);
});

it('what is not told any more is not in the next text', async () => {
  await textOf(SAMPLES);
  expect(await textOf([])).toBe('\n');
});
