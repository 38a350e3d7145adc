import { expect, test } from 'vitest';
import { answerTo, questionsOf } from './answers.ts';
import { stateLines } from './report.ts';
import { attackStates } from './states.ts';
import { castOf, DEFAULT_SITE, healthy } from './world.ts';
import type { CliQuestion, Topic } from './answer.ts';

const states = attackStates(DEFAULT_SITE);
const { here } = castOf(DEFAULT_SITE);
const ask = (topic: Topic, xml = false): CliQuestion => ({ topic, xml, volume: DEFAULT_SITE.volume });
const told = (name: string, topic: Topic, look = 0, xml = false, view = here) => {
  const state = states.find((one) => one.name === name)!;
  return answerTo(state.looks[look] ?? state.looks[0], view, ask(topic, xml));
};
const numbers = (text: string) =>
  [...text.matchAll(/^Number of entries[^:]*: (.*)$/gm)].map(([, value]) => value);

test('every state has a name of its own, a truth with a reason, and a lure unless the truth is go', () => {
  expect(new Set(states.map((one) => one.name)).size).toBe(states.length);
  expect(states.filter((one) => one.truth.go).map((one) => one.name)).toEqual([
    'healthy-idle',
    'healthy-writing',
    'healthy-slow',
  ]);
  const faulty = states.filter(
    ({ name, title, truth, lure }) =>
      !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ||
      truth.because.length <= 20 ||
      title.length > 70 ||
      (lure === '') !== truth.go,
  );
  expect(faulty).toEqual([]);
});

test('no state but the healthy ones looks like a healthy one in everything that lies behind it', () => {
  const behind = (name: string) => {
    const state = states.find((one) => one.name === name)!;
    const world = state.looks.at(-1)!;
    return JSON.stringify([[...world.machines], world.files, world.options]);
  };
  const sick = states.filter((one) => !one.truth.go).map((one) => one.name);
  expect(sick.filter((name) => behind(name) === behind('healthy-idle'))).toEqual([]);
});

test('a rebooted brick lists 0, the others the backlog', () => {
  expect(numbers(told('count-125', 'heal-info').stdout)).toEqual(['125', '0', '125']);
  expect(numbers(told('sole-good-copy', 'heal-info').stdout)).toEqual(['0', '3', '0']);
});

test('a brick that is down prints "-" and exits with 0; its XML summary has lost the numbers', () => {
  const text = told('dash-one-brick', 'heal-info');
  expect(numbers(text.stdout)).toEqual(['0', '0', '-']);
  expect(text.exitCode).toBe(0);
  const summary = told('dash-one-brick', 'heal-summary', 0, true).stdout;
  expect(summary).toContain(
    '<status>Failed to process entries completely. (Transport endpoint is not connected)totalNumberOfEntries0</status></brick>',
  );
  expect(numbers(told('dash-all-bricks', 'heal-info').stdout)).toEqual(['-', '-', '-']);
});

test('split-brain counts 0 while a brick is down, and is marked in the text only', () => {
  expect(numbers(told('split-brain-brick-down', 'heal-split-brain').stdout)).toEqual(['0', '0', '-']);
  expect(told('split-brain-in-text-only', 'heal-info').stdout).toContain(' - Is in split-brain');
  expect(told('split-brain-in-text-only', 'heal-info', 0, true).stdout).not.toContain('split-brain');
  expect(numbers(told('split-brain-in-text-only', 'heal-split-brain').stdout)).toEqual(['1', '1', '0']);
});

test('a live writer is not listed, a dead one is, and heal-count counts neither', () => {
  expect(numbers(told('healthy-writing', 'heal-info').stdout)).toEqual(['0', '0', '0']);
  expect(numbers(told('dirty-only', 'heal-info').stdout)).toEqual(['3', '3', '3']);
  expect(numbers(told('dirty-only', 'heal-count').stdout)).toEqual(['0', '0', '0']);
});

test('a node that is away has no rows in volume status, only one that is down has an N', () => {
  expect(told('node-down', 'volume-status').stdout).not.toContain('pve3');
  expect(told('dash-one-brick', 'volume-status').stdout).toMatch(/Brick pve3:\S+ +N\/A +N\/A +N +N\/A/);
  expect(told('brick-hung', 'volume-status').stdout).toMatch(/Brick pve3:\S+ +49154 +0 +Y +1202/);
  expect(told('glusterd-stopped-there', 'heal-info').stdout).toContain('Transport endpoint is not connected');
});

test('what fails says so by exit code and not as a number', () => {
  expect(told('quorum-lost', 'heal-info')).toMatchObject({ exitCode: 251 });
  expect(told('lock-taken', 'heal-count').stderr).toContain('Another transaction is in progress for vmstore');
  expect(told('time-out', 'volume-status')).toMatchObject({
    exitCode: 1,
    stdout: 'Error : Request timed out\n',
  });
  expect(told('glusterd-stopped-here', 'peer-status', 0, true)).toMatchObject({
    exitCode: 1,
    stdout: 'Connection failed. Please check if gluster daemon is operational.\n',
  });
  expect(told('daemon-stuck', 'heal-count')).toMatchObject({ takes: 'forever', leavesLocked: true });
  expect(told('hangs', 'heal-info')).toMatchObject({ takes: 'forever', stdout: '' });
});

test('a heal walk needs neither the lock of glusterd nor its patience', () => {
  for (const name of ['time-out', 'lock-taken']) {
    for (const topic of ['heal-info', 'heal-summary', 'heal-split-brain'] as const) {
      expect(told(name, topic)).toEqual(told('count-125', topic));
      expect(told(name, topic, 0, true)).toEqual(told('count-125', topic, 0, true));
    }
  }
});

test('a walk that breaks off is one of glfsheal: the daemons still count all', () => {
  expect(told('walk-broken-off', 'heal-count')).toEqual(told('count-125', 'heal-count'));
  expect(numbers(told('walk-broken-off', 'heal-count').stdout)).toEqual(['125', '0', '125']);
});

test('answers that lost a part hold nothing but zeros', () => {
  expect(numbers(told('walk-broken-off', 'heal-info').stdout)).toEqual(['0', '0']);
  expect(told('walk-broken-off', 'heal-info').stdout.match(/^Brick /gm)).toHaveLength(3);
  expect(told('walk-broken-off', 'heal-info', 0, true).stdout.match(/numberOfEntries>0</g)).toHaveLength(2);
  expect(numbers(told('cut-short', 'heal-info').stdout)).toEqual(['0']);
  expect(numbers(told('brick-not-listed', 'heal-info').stdout)).toEqual(['0', '0']);
  expect(told('brick-not-listed', 'heal-info', 0, true).stdout.match(/<brick /g)).toHaveLength(2);
  expect(told('empty-output', 'heal-info', 0, true).stdout).toBe('');
});

test('what one node sees, another need not', () => {
  expect(numbers(told('seen-from-one-side', 'heal-info').stdout)).toEqual(['0', '0', '0']);
  const third = castOf(DEFAULT_SITE).third;
  expect(numbers(told('seen-from-one-side', 'heal-info', 0, false, third).stdout)).toEqual(['-', '0', '0']);
});

test('the first look of a changing state is as well as can be', () => {
  for (const name of ['flicker', 'asked-too-early', 'returned-and-stale']) {
    const state = states.find((one) => one.name === name)!;
    const first = state.looks[0];
    for (const question of questionsOf(first)) {
      expect(answerTo(first, here, question)).toEqual(answerTo(healthy(DEFAULT_SITE), here, question));
    }
    expect(told(name, 'heal-info', 1).stdout).not.toBe(told(name, 'heal-info', 0).stdout);
  }
});

test('names are those that were asked for', () => {
  const site = { ...DEFAULT_SITE, volume: 'gv0', asked: DEFAULT_SITE.nodes[0] };
  expect(castOf(site)).toEqual({ here: 'pve2', asked: 'pve1', third: 'pve3' });
  const [first] = attackStates(site);
  expect(first?.truth.because).toContain('pve1 is stale');
  expect(() => castOf({ ...site, asked: 'pve9' as never })).toThrow('pve9 is not one of');
});

test('the list of states fits 80 columns', () => {
  expect(stateLines(states).filter((line) => line.length > 80)).toEqual([]);
});
