import { expect, test } from 'vitest';
import { parseInventory } from './inventory.ts';

const INVENTORY = `
# the site
lonely
[nodes]
pve[1:3].lan ansible_user=root  # in racks
pve1.lan ansible_host=10.0.0.1 note="two words" ansible_port=2222
[nodes:vars]
ansible_user=admin
colour = blue
[storage:children]
nodes
[storage:vars]
colour=red
shape='round thing'
[all:vars]
shape=square
everywhere=yes
`;
const parse = (text: string) => parseInventory(text, 'hosts.ini');

test('hosts, ranges, groups of groups, and whose variable wins', () => {
  const inventory = parse(INVENTORY);
  expect(inventory.hosts).toEqual(['lonely', 'pve1.lan', 'pve2.lan', 'pve3.lan']);
  expect(inventory.inGroup('storage')).toEqual(['pve1.lan', 'pve2.lan', 'pve3.lan']);
  expect(inventory.inGroup('all')).toHaveLength(4);
  expect(inventory.variables('pve1.lan')).toEqual({
    everywhere: 'yes',
    shape: 'round thing',
    colour: 'blue',
    ansible_user: 'root',
    ansible_host: '10.0.0.1',
    ansible_port: '2222',
    note: 'two words',
  });
  expect(inventory.variables('lonely')).toEqual({ everywhere: 'yes', shape: 'square' });
});

test('ranges keep zeros and count letters', () => {
  expect(parse('n[09:11]\nx[a:c]y\n').hosts).toEqual(['n09', 'n10', 'n11', 'xay', 'xby', 'xcy']);
});

test('what it does not understand is an error with its line', () => {
  expect(() => parse('[a:b]\n')).toThrow('hosts.ini:1: [a:b] is no section');
  expect(() => parse('\npve1 what\n')).toThrow('hosts.ini:2: "what" is no variable');
  expect(() => parse('pve[3:1]\n')).toThrow('hosts.ini:1: "pve[3:1]" is no range');
  expect(() => parse('pve1 a="b\n')).toThrow('hosts.ini:1: a quote is not closed');
  expect(() => parse('[a:vars]\nx\n')).toThrow('hosts.ini:2: "x" is no variable');
});
