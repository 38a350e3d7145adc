import { expect, test } from 'vitest';
import { descriptionOf, presenceOf } from './description.ts';

test('an inventory describes what nodes can’t show; what it leaves out is left out', () => {
  expect(descriptionOf({})).toEqual({});
  expect(
    descriptionOf({
      healproof_may_stop: '103, 104',
      healproof_routers: 'router-a:101,router-b:102',
      healproof_router_addresses: '198.18.1.1',
      healproof_backups: '/mnt/backup/dump',
      healproof_backup_guests: '101 102',
      healproof_out_of_band: 'pve1@198.18.4.11:443,pve2@[fd00::12]:22',
      healproof_alertmanager: 'http://198.18.3.1:9093/',
      healproof_silences: 'a1,b2',
    }),
  ).toEqual({
    mayStop: [103, 104],
    routers: {
      guests: [
        { name: 'router-a', vmid: 101 },
        { name: 'router-b', vmid: 102 },
      ],
      addresses: ['198.18.1.1'],
    },
    backups: { folders: ['/mnt/backup/dump'], vmids: [101, 102], withinHours: 24 },
    outOfBand: [
      { of: 'pve1', host: '198.18.4.11', port: 443 },
      { of: 'pve2', host: 'fd00::12', port: 22 },
    ],
    alerting: {
      alertmanager: 'http://198.18.3.1:9093',
      heartbeat: 'Watchdog',
      withinSeconds: 150,
      silences: ['a1', 'b2'],
    },
  });
});

test.each([
  ['healproof_routers', 'router-a', /healproof_routers="router-a": "router-a": write NAME:VMID/],
  ['healproof_may_stop', 'all', /"all" is no whole number/],
  ['healproof_out_of_band', '198.18.4.11:443', /write NAME@HOST:PORT/],
  ['healproof_alertmanager', 'file:///etc/passwd', /write http:/],
  ['healproof_alertmanager', 'ftp://me:hun/t@er2@am:9093', /"ftp:\/\/…@am:9093": /],
])('%s=%s is refused by name', (name, value, says) => {
  expect(() => descriptionOf({ [name]: value })).toThrow(says);
});

test('a node is a hypervisor that has the volume mounted, unless its line says no', () => {
  const presence = (of: Readonly<Record<string, string>>) =>
    presenceOf(['pve1', 'arb'], (name) => (name === 'arb' ? of : {}));
  expect(presence({})).toEqual({});
  expect(presence({ healproof_mounts: 'no', healproof_hypervisor: ' No ' })).toEqual({
    withoutMount: ['arb'],
    withoutGuests: ['arb'],
  });
  expect(() => presence({ healproof_mounts: 'maybe' })).toThrow(
    'healproof_mounts="maybe" of arb: write yes or no',
  );
});
