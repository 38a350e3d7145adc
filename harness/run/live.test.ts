import { expect, test } from 'vitest';
import type { Event } from '../model/event.ts';
import { Live } from './live.ts';

/** One probe of the operator: sent then, known when it was answered or given up. */
function liveWith(probes: readonly (readonly [target: string, sentMs: number, ok: boolean])[]): Live {
  const live = new Live({ record: (body, epochMs = 0): Event => ({ seq: 0, atMs: epochMs, ...body }) });
  for (const [target, sentMs, ok] of probes)
    live.record({ kind: 'probe', by: 'operator', target, ok, tookMs: ok ? 1 : 1500, detail: '' }, sentMs);
  return live;
}

const row = (target: string, sentMs: number, ok: boolean) =>
  [0, 500, 1000].map((later) => [target, sentMs + later, ok] as const);

test('nodes that answered before the outage are no way in after it, and are not taken for one before new probes are known', () => {
  const cutMs = 10_000;
  const before = [...row('pve1', 8500, true), ...row('pve2', 8500, true)];
  const soon = liveWith([...before, ['pve1', 10_000, false]]);
  expect(soon.reached('operator')).toEqual(['pve2']);
  expect(soon.probedSince('operator', cutMs)).toBe(false);
  const half = liveWith([...before, ...row('pve1', cutMs, false)]);
  expect(half.probedSince('operator', cutMs)).toBe(false);
  const late = liveWith([...before, ...row('pve1', cutMs, false), ...row('pve2', cutMs, false)]);
  expect(late.probedSince('operator', cutMs)).toBe(true);
  expect(late.reached('operator')).toEqual([]);
});

test('who is not probed at all is not known', () => {
  expect(liveWith([]).probedSince('operator', 0)).toBe(false);
  expect(liveWith(row('pve1', 5000, true)).probedSince('customer', 0)).toBe(false);
});
