import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { at, doingsOf, playNight, seeded } from '../../harness/index.ts';
import type { Escalation, WayIn } from '../../harness/index.ts';
import { escalationOf, readEscalation } from './read.ts';

const SHIPPED = join(import.meta.dirname, '../../scenarios/escalations');
const text = readFileSync(join(SHIPPED, 'one-phone.yml'), 'utf8');
const why = (changed: string): string => {
  try {
    escalationOf(changed, 'my.yml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing is wrong';
};
const lineOf = (words: string): number => text.split('\n').findIndex((line) => line.includes(words)) + 1;

test.each(readdirSync(SHIPPED))('the shipped %s can be played', (name) => {
  const { policy } = readEscalation(join(SHIPPED, name));
  expect(`${policy.name}.yml`).toBe(name);
});

const actsAt = ({ policy, people, seed }: Escalation, wayIn?: Exclude<WayIn, 'on-site'>): string => {
  const page = { deliveredAt: at(23, 51), policy, people, wayIn, draw: seeded(seed) };
  return doingsOf(page, playNight(page), at(23, 52)).at(-1)?.does ?? '';
};

test('one phone: he sleeps until seven, is held up, and stands in the data center at noon', () => {
  const { policy, people, seed } = readEscalation(join(SHIPPED, 'one-phone.yml'));
  const page = { deliveredAt: at(23, 51), policy, people, wayIn: undefined, draw: seeded(seed) };
  const doings = doingsOf(page, playNight(page), at(23, 52));
  expect(doings.slice(-3).map(({ does, clock }) => [clock, does])).toEqual([
    [at(7, 10, 1), 'has slept through 15 messages, reads them and acknowledges'],
    [at(11, 20, 1), 'was held up by appointments'],
    [at(12, 0, 1), 'is in the data center and acts on site'],
  ]);
});

test('the backup connection spares him the way', () => {
  expect(actsAt(readEscalation(join(SHIPPED, 'one-phone.yml')), 'oob')).toContain('backup connection');
});

test.each([
  ['wait: 30m', 'wait: half an hour', 'policy.steps.0.wait is no duration; write it like 30s, 10m or 1h20m'],
  ['wait: 30m', 'wait: 0m', 'step 1 of policy one-phone waits 0 s; give it time to answer'],
  ['by: push', 'by: pigeon', 'policy.steps.0.notify.0.by is none of email, push, sms, call'],
  ['call: 0 }', 'call: 2 }', 'people.0.wakes.call is'],
  [
    'sleeps: 23:00-07:00',
    'sleeps: 23:00-25:00',
    'people.0.sleeps is no time of the day; write it like 23:00-07:00',
  ],
  ['repeat: 14', 'repeat: -1', 'policy.repeat is below 0'],
  ['seed: 1', 'seed: 1\nsalary: 2', 'the file does not know salary'],
  ['ended-by: anyone', 'ended-by: nobody', 'policy.ended-by is neither anyone nor who-can-act'],
  [
    '{ person: operator, by',
    '{ person: nobody, by',
    'policy one-phone notifies nobody, whom nobody describes',
  ],
])('%s changed to "%s" is told', (from, to, message) => {
  expect(text).toContain(from);
  expect(why(text.replace(from, to))).toContain(message);
});

test('the line is that of the thing that is wrong', () => {
  expect(why(text.replace('by: push', 'by: pigeon'))).toMatch(`my.yml:${lineOf('by: push')}: `);
  expect(why(text.replace('connects-in: 5m', ''))).toMatch(`my.yml:${lineOf('- name: operator')}: `);
  expect(why(text.replace('repeat: 14', 'repeat: [14'))).toMatch(/^my\.yml:\d+: /);
});

test('a file that is not there is named', () => {
  expect(() => readEscalation('/nowhere/my.yml')).toThrow('/nowhere/my.yml');
});
