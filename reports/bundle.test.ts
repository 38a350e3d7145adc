import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everyOracle, judge } from '../harness/index.ts';
import type { History } from '../harness/index.ts';
import type { About } from './about.ts';
import { createBundle, finishBundle, readBundle } from './bundle.ts';
import { recheck } from './recheck.ts';
import { incidentNight } from './testing/nights.ts';

const night = incidentNight();
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-bundle-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function about(): About {
  const began = night.find((event) => event.kind === 'run-began');
  if (began === undefined) throw new Error('the night has no beginning');
  const expected = { verdict: 'broken', broken: ['no-split-brain'] } as const;
  const told = { scenario: 'night-1', title: 'The incident', why: 'It happened', procedure: 'fixed-delay' };
  return { schema: 1, id: 'run-1', ...told, volume: 'replica 2, defaults', expected, site: began.spec };
}

function written(history: History = night): string {
  const bundle = createBundle(join(root, 'run-1'), about());
  writeFileSync(bundle.historyPath, history.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return bundle.dir;
}

test('a finished bundle has all of its files and reads back as it was written', () => {
  const dir = written();
  const result = finishBundle(dir, night, judge(everyOracle(), night));
  expect(result.notes.filter((note) => note.includes('could not be made'))).toEqual([]);
  const due = [
    'timeline.svg',
    'timeline.png',
    'backlog.csv',
    'evidence.html',
    'README.txt',
    'snapshots/final.json',
  ];
  expect(due.filter((name) => !existsSync(join(dir, name)))).toEqual([]);
  const read = readBundle(dir);
  expect(read.history).toEqual(night);
  expect(read.about).toEqual(about());
  expect(read.verdict?.verdict).toBe(result.verdict);
  expect(result).toMatchObject({ id: 'run-1', outageSeconds: 29.5, splitBrainFiles: 9, lostWrites: 4584 });
  expect(readFileSync(join(dir, 'backlog.csv'), 'utf8')).toMatch(/^seconds,brick,pending/);
});

test('the attributes of each brick are there as getfattr prints them', () => {
  const dir = written();
  finishBundle(dir, night, judge(everyOracle(), night));
  const dump = readFileSync(join(dir, 'snapshots/broken-pve2.getfattr.txt'), 'utf8');
  expect(dump).toMatch(
    /^# file: \/bricks\/vmstore\/brick\/images\/101\/vm-101-disk-0.raw\ntrusted.gfid=0x[0-9a-f]{32}\n/,
  );
  expect(dump).toMatch(/\n\n$/);
});

test('what a log tells in confidence does not stay in the bundle', () => {
  const dir = written();
  writeFileSync(join(dir, 'logs/pve1.log'), 'a line\nlogin password=hunter2\n');
  finishBundle(dir, night, judge(everyOracle(), night));
  expect(readFileSync(join(dir, 'logs/pve1.log'), 'utf8')).toBe('a line\nlogin password=[redacted]\n');
});

test('a picture that fails costs neither verdict nor table', () => {
  const dir = written();
  mkdirSync(join(dir, 'timeline.svg'));
  const result = finishBundle(dir, night, judge(everyOracle(), night));
  expect(result.notes.some((note) => note.startsWith('timeline.svg could not be made'))).toBe(true);
  expect(readBundle(dir).verdict?.verdict).toBe('broken');
  expect(existsSync(join(dir, 'backlog.csv'))).toBe(true);
});

test('judged again, a bundle says the same, and other oracles are told as a change', () => {
  const dir = written();
  finishBundle(dir, night, judge(everyOracle(), night));
  expect(recheck(dir).changes).toEqual([]);
  const fewer = everyOracle().filter(({ name }) => name !== 'no-split-brain');
  expect(recheck(dir, () => fewer).changes).toContain('no-split-brain was broken, is not asked');
});

test('a run that was killed has no verdict, and is judged up to where it got', () => {
  const dir = written(night.slice(0, 900));
  appendFileSync(join(dir, 'history.ndjson'), '{"seq":900,"at');
  const { before, result } = recheck(dir);
  expect(before).toBeUndefined();
  expect(result.notes.at(-1)).toContain('the run was ended in mid-write');
});

test('a folder that is no bundle is refused with what is wrong', () => {
  expect(() => readBundle(join(root, 'nowhere'))).toThrow(/does not exist/);
  expect(() => readBundle(root)).toThrow(/has no run.json/);
  const dir = written();
  expect(() => createBundle(dir, about())).toThrow(/not empty/);
  rmSync(join(dir, 'history.ndjson'));
  expect(() => readBundle(dir)).toThrow(/no history.ndjson/);
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...about(), schema: 2 }));
  expect(() => readBundle(dir)).toThrow(/layout version 2/);
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...about(), title: undefined }));
  expect(() => readBundle(dir)).toThrow(/title/);
  writeFileSync(join(dir, 'run.json'), '{');
  expect(() => readBundle(dir)).toThrow(/can't read .*run.json/);
});
