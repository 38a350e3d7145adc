import { expect, test } from 'vitest';
import { exitCodeOf, parseGoWhen, saysGo, scoreAll, scoreRun } from './score.ts';
import type { Call, GateRun } from './score.ts';
import { attackStates } from './states.ts';
import { DEFAULT_SITE } from './world.ts';

const ended = (exitCode: number, stdout = ''): GateRun => ({ kind: 'ended', exitCode, stdout, stderr: '' });
const states = attackStates(DEFAULT_SITE);
const stateNamed = (name: string) => states.find((one) => one.name === name)!;
const EXIT = parseGoWhen('exit:0');
const asked: Call = { kind: 'asked', view: 'pve1', look: 0, command: 'gluster volume list' };

test('go is an exit code or a text, and nothing that was ended from outside', () => {
  expect(saysGo(ended(0), EXIT)).toBe(true);
  expect(saysGo(ended(2), EXIT)).toBe(false);
  expect(saysGo(ended(2), parseGoWhen('exit:2'))).toBe(true);
  expect(saysGo(ended(1, 'NOT SAFE\nSAFE\n'), parseGoWhen('stdout:^SAFE'))).toBe(true);
  expect(saysGo(ended(0, 'NOT SAFE\n'), parseGoWhen('stdout:^SAFE'))).toBe(false);
  const late: GateRun = { kind: 'out-of-time', afterMs: 5, stdout: 'SAFE', stderr: '' };
  expect(saysGo(late, parseGoWhen('stdout:SAFE'))).toBe(false);
});

test.each(['exit:x', 'exit:', 'SAFE', 'stdout:', 'stdout:('])('%s is no rule for go', (text) => {
  expect(() => parseGoWhen(text)).toThrow(/go|regular expression/i);
});

test('no-go on a healthy cluster is a needless block, go on a sick one is being fooled', () => {
  const worth = (name: string, code: number) =>
    scoreRun(stateNamed(name), ended(code), EXIT, [asked], 1).worth;
  expect(worth('healthy-idle', 0)).toBe('survived');
  expect(worth('healthy-idle', 1)).toBe('blocked');
  expect(worth('count-120', 0)).toBe('fooled');
  expect(worth('count-120', 1)).toBe('survived');
});

test('only being fooled fails a gate, but what else it does is told', () => {
  const changes: Call = { ...asked, kind: 'changes', command: 'gluster volume heal vmstore' };
  const late: GateRun = { kind: 'out-of-time', afterMs: 60_000, stdout: '', stderr: '' };
  const results = [
    scoreRun(stateNamed('healthy-idle'), late, EXIT, [asked], 1),
    scoreRun(stateNamed('count-120'), ended(1), EXIT, [asked, changes], 1),
  ];
  expect(results[0]?.notes).toEqual(['it did not end within 60 s and was ended; counted as no-go']);
  expect(results[1]?.notes).toEqual(['it changes the cluster: gluster volume heal vmstore']);
  const score = scoreAll(results);
  expect(score).toMatchObject({ states: 2, survived: 1, fooled: 0, blocked: 1 });
  expect(score.findings.join(' ')).toMatch(/did not open in any healthy state.*changes the cluster/);
  expect(exitCodeOf(score)).toBe(0);
  expect(exitCodeOf(scoreAll([scoreRun(stateNamed('hangs'), ended(0), EXIT, [], 1)]))).toBe(1);
});

test('a gate that asks nothing at all is found out, and has not survived', () => {
  const run: GateRun = { kind: 'ended', exitCode: 1, stdout: '', stderr: 'Traceback\nImportError: yaml\n' };
  const barred: Call = { ...asked, kind: 'barred', command: 'curl --version' };
  const score = scoreAll([scoreRun(stateNamed('count-7'), run, EXIT, [barred], 1)]);
  expect(score).toMatchObject({ survived: 1, asked: 0 });
  expect(score.findings.join(' ')).toMatch(/asked nothing of the cluster .* It said: ImportError: yaml/);
  expect(exitCodeOf(score)).toBe(3);
  const all = scoreAll([
    scoreRun(stateNamed('count-7'), run, EXIT, [], 1),
    scoreRun(stateNamed('count-10'), run, EXIT, [asked], 1),
  ]);
  expect(all).toMatchObject({ asked: 1, findings: [] });
  expect(exitCodeOf(all)).toBe(0);
});
