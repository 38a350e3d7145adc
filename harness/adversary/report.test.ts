import { expect, test } from 'vitest';
import { attackReport, PLAIN, resultLines, scoreLines, wrapped } from './report.ts';
import { parseGoWhen, scoreAll, scoreRun } from './score.ts';
import type { AttackResult } from './score.ts';
import { attackStates } from './states.ts';
import { DEFAULT_SITE } from './world.ts';

const results: readonly AttackResult[] = attackStates(DEFAULT_SITE).map((state) =>
  scoreRun(
    state,
    { kind: 'ended', exitCode: state.name === 'healthy-slow' ? 1 : 0, stdout: '', stderr: 'too slow\n' },
    parseGoWhen('exit:0'),
    [{ kind: 'asked', view: 'pve1', look: 0, command: 'gluster volume heal vmstore info' }],
    1234,
  ),
);

test('a state that fooled the gate says what is true, what lured it and what it asked', () => {
  const dash = results.find((one) => one.state.name === 'dash-one-brick')!;
  expect(resultLines(dash, PLAIN)).toMatchInlineSnapshot(`
    [
      "FOOLED   dash-one-brick            says go     truth no-go   1.2 s",
      "           truth: with pve2 down too, one brick of three is left: quorum is",
      "           lost, the guests' disks are gone",
      "           lured by: "Number of entries: -" exits with 0 and adds up to 0",
      "           it asked: gluster volume heal vmstore info (one look, seen from pve1)",
    ]
  `);
});

test('a needless block says what the gate said', () => {
  const slow = results.find((one) => one.state.name === 'healthy-slow')!;
  expect(resultLines(slow, PLAIN)).toMatchInlineSnapshot(`
    [
      "blocked  healthy-slow              says no-go  truth go      1.2 s",
      "           without need: slow is not sick: all bricks and daemons run, nothing",
      "           is pending",
      "           it asked: gluster volume heal vmstore info (one look, seen from pve1)",
      "           it said: too slow",
    ]
  `);
});

test('the score counts everything', () => {
  expect(scoreLines(scoreAll(results), PLAIN)).toEqual([
    `survived 2 of ${results.length}, fooled ${results.length - 3} times, blocked 1 without need`,
  ]);
});

test('every line fits 80 columns', () => {
  const lines = results.flatMap((one) => resultLines(one, PLAIN));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(wrapped('one two', 78)).toEqual([`${' '.repeat(78)}one`, `${' '.repeat(78)}two`]);
});

test('the report for programs survives JSON and names every state', () => {
  const report = JSON.parse(JSON.stringify(attackReport(['gate'], results, 60))) as {
    states: { name: string }[];
  };
  expect(report.states.map((one) => one.name)).toEqual(results.map((one) => one.state.name));
  expect(report).toMatchObject({ command: ['gate'], speed: 60, score: { blocked: 1 } });
});
