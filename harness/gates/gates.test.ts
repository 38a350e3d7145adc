import { expect, it } from 'vitest';
import { rule, shut, unseen } from './asking.fixture.ts';
import type { Extras } from './facts.ts';
import { withStability } from './gate.ts';
import { CONDITIONS, DEEP, FAST, FULL, gateNamed, withCanary } from './gates.ts';
import { site, withExtra } from './site.fixture.ts';

it('a whole site is open, and whatever one node did not show is unknown', () => {
  expect(shut([site()])).toEqual({});
  const blind = (key: keyof Extras): readonly string[] =>
    Object.keys(shut([withExtra('pve3', { [key]: unseen })]));
  expect(blind('processes')).toEqual(['A5', 'B2', 'B3b', 'B3d', 'B3f', 'C1', 'C3', 'C5']);
  expect(blind('volumes')).toEqual(['A6']);
  expect(blind('storage')).toEqual(['B3a']);
  expect(blind('config')).toEqual(['A1', 'A4', 'B3a']);
  expect(blind('logs')).toEqual(['B3e', 'D7']);
  expect(blind('reach')).toEqual(['C5']);
  expect(blind('cluster')).toEqual(['E3']);
  expect(blind('automation')).toEqual(['E4b', 'E4c']);
  expect(blind('guests')).toEqual(['F1', 'F2']);
  expect(blind('roles')).toEqual(['F2']);
  for (const { decision } of rule([
    withExtra('pve3', { processes: unseen, storage: unseen, config: unseen, logs: unseen }),
  ])) {
    expect(['open', 'unknown']).toContain(decision.kind);
  }
});

it('what the description does not say is not known', () => {
  expect(shut([site()], { site: {} })).toEqual({
    F2: 'unknown',
    F3: 'unknown',
    F4: 'unknown',
    F5: 'unknown',
  });
});

it('the gates: raw facts only, everything that reads, and the bytes too; the canary only when asked for', () => {
  const codes = (name: string): readonly string[] => gateNamed(name).conditions.map((one) => one.code);
  const all = CONDITIONS.map((one) => one.code);
  expect(codes('fast')).toEqual(
    ['A3a', 'A6', 'B0', 'B3a', 'B3b', 'B3c', 'B3f', 'C1', 'C2', 'C3', 'C5', 'D1', 'D8', 'E1'], //
  );
  expect(codes('full')).toEqual(all.filter((code) => code !== 'C4' && code !== 'D5'));
  expect(codes('deep')).toEqual(all.filter((code) => code !== 'C4'));
  expect(
    withCanary(DEEP)
      .conditions.map((one) => one.code)
      .toSorted(),
  ).toEqual(all.toSorted());
  for (const one of FAST.conditions) expect(one.needs).toBe('fast');
});

it('another patience is another gate with the same conditions', () => {
  const soaked = withStability(FULL, { soakMs: 5, looks: 2 });
  expect(soaked.stability).toEqual({ ...FULL.stability, soakMs: 5, looks: 2 });
  expect(soaked.conditions).toBe(FULL.conditions);
});
