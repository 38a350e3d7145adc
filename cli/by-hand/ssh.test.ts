import { expect, test } from 'vitest';
import { site } from '../../scenarios/index.ts';
import type { LabState } from './labs.ts';
import { containerOf } from './ssh.ts';

const LAB: LabState = {
  run: 'lab-1',
  pid: 7,
  spec: site({ layout: 'replica-2', options: 'defaults' }),
  since: 1000,
  ready: true,
  machines: [
    { name: 'pve1', container: 'hp-lab-1-pve1' },
    { name: 'customer', container: 'hp-lab-1-customer' },
  ],
};

test('a machine is found by its name', () => {
  expect(containerOf(LAB, 'customer')).toBe('hp-lab-1-customer');
});

test('who asks for a machine that is not there hears which are', () => {
  expect(() => containerOf(LAB, 'pve9')).toThrow('lab-1 has no machine pve9; it has pve1, customer');
});

test('there is no way into a lab that is being built', () => {
  expect(() => containerOf({ ...LAB, ready: false, machines: [] }, 'pve1')).toThrow(
    'lab-1 is not ready yet; look with: healproof status',
  );
});
