import { expect, it } from 'vitest';
import { extra, says, shut } from '../asking.fixture.ts';
import { judgeGate } from '../gate.ts';
import { gateNamed } from '../gates.ts';
import { node } from '../../model/names.ts';
import { site } from '../site.fixture.ts';

const two = (started: boolean) =>
  extra('volumes', {
    list: [
      { name: 'v', started: true },
      { name: 'data', started },
    ],
  });

it('another volume that is started is not judged here, which is said and is not open', () => {
  expect(shut([two(true)])).toEqual({ A6: 'unknown' });
  expect(says(two(true), 'A6')).toMatch(/about v alone, and data is started too/);
  expect(shut([two(false)])).toEqual({});
});

it('no look will ever answer it, so nobody waits for it; whoever asks for each volume waives it', () => {
  const looks = [two(true)];
  const ask = (waivers: readonly { condition: string; why: string }[]) =>
    judgeGate(gateNamed('fast'), { node: node('pve2'), waivers }, looks);
  expect(ask([]).worthWaiting).toBe(false);
  expect(ask([{ condition: 'A6', why: 'data was asked for, too' }]).worthWaiting).toBe(true);
  expect(judgeGate(gateNamed('fast'), { node: node('pve2'), waivers: [] }, [site()]).worthWaiting).toBe(true);
});
