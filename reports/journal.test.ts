import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal, readJournal } from './journal.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'healproof-journal-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = (): string => join(folder, 'history.ndjson');

function write(count: number): void {
  using journal = openJournal(file(), { beganMs: 1_000, now: () => 1_500.4 });
  for (let i = 0; i < count; i += 1) journal.record({ kind: 'note', text: `line ${i} → ü` });
}

test('numbers events without gaps and counts whole milliseconds from the run begin', () => {
  write(2);
  const { history, cutOff } = readJournal(file());
  expect(cutOff).toBeUndefined();
  expect(history).toEqual([
    { seq: 0, atMs: 500, kind: 'note', text: 'line 0 → ü' },
    { seq: 1, atMs: 500, kind: 'note', text: 'line 1 → ü' },
  ]);
});

test('an event is in the file before record returns, and watchers see it after that', () => {
  const seen: number[] = [];
  using journal = openJournal(file(), {
    beganMs: 0,
    onEvent: () => seen.push(readFileSync(file(), 'utf8').split('\n').length - 1),
  });
  expect(journal.record({ kind: 'note', text: 'x' }, 42)).toEqual({
    seq: 0,
    atMs: 42,
    kind: 'note',
    text: 'x',
  });
  journal.record({ kind: 'note', text: 'y' }, 43);
  expect(seen).toEqual([1, 2]);
  expect(journal.length).toBe(2);
});

test('a history is written once, and a closed journal takes nothing more', () => {
  const journal = openJournal(file(), { beganMs: 0 });
  journal.close();
  journal.close();
  expect(() => journal.record({ kind: 'note', text: 'late' })).toThrow(/can't record "note".*closed already/);
  expect(() => openJournal(file(), { beganMs: 0 })).toThrow(/EEXIST/);
});

test('a write that failed stops the journal for good', () => {
  const journal = openJournal(file(), { beganMs: 0 });
  closeSync(descriptorOf(file()));
  expect(() => journal.record({ kind: 'note', text: 'x' })).toThrow(/can't record "note" in .*EBADF/);
  expect(() => journal.record({ kind: 'note', text: 'y' })).toThrow(/EBADF/);
  expect(journal.length).toBe(0);
});

/** The number under which this process has the file open. */
function descriptorOf(path: string): number {
  const links = readdirSync('/proc/self/fd').map(Number);
  return links.find((fd) => readlinkSync(`/proc/self/fd/${fd}`, 'utf8') === path) ?? Number.NaN;
}

test('a cut-off last line is left out and said', () => {
  write(3);
  truncateSync(file(), readFileSync(file()).length - 5);
  const { history, cutOff } = readJournal(file());
  expect(history).toHaveLength(2);
  expect(cutOff).toContain('history.ndjson:3: the last line is cut off');
});

test('a whole last line that only lacks its newline counts', () => {
  write(3);
  truncateSync(file(), readFileSync(file()).length - 1);
  expect(readJournal(file())).toMatchObject({ history: { length: 3 } });
  expect(readJournal(file()).cutOff).toBeUndefined();
});

test('an empty file is an empty history', () => {
  writeFileSync(file(), '');
  expect(readJournal(file()).history).toEqual([]);
});

test.each([
  ['a gap', '{"seq":3,"atMs":0,"kind":"note","text":"x"}', /:3: the line has seq 3 where 2 must follow/],
  ['a double', '{"seq":1,"atMs":0,"kind":"note","text":"x"}', /:3: the line has seq 1 where 2 must follow/],
  ['no JSON', 'ACK router-a 12', /:3: the line is no JSON/],
  ['an unknown kind', '{"seq":2,"atMs":0,"kind":"moon"}', /:3: .*unknown kind "moon".*newer/],
  ['a wrong field', '{"seq":2,"atMs":0,"kind":"note","text":7}', /:3: .*"note" whose text is no string/],
  [
    'a missing field',
    '{"seq":2,"atMs":0,"kind":"step-ended","of":1}',
    /"step-ended" whose outcome is no object/,
  ],
  ['a broken time', '{"seq":2,"atMs":0.5,"kind":"note","text":"x"}', /:3: .*no whole atMs \(0.5\)/],
  ['null', 'null', /:3: the line is no JSON object/],
])('%s in the middle is refused with file and line', (_, line, message) => {
  write(2);
  appendFileSync(file(), `${line}\n`);
  expect(() => readJournal(file())).toThrow(message);
});

test('the run must begin when the journal says it does', () => {
  using journal = openJournal(file(), { beganMs: 7 });
  expect(() =>
    journal.record({
      kind: 'run-began',
      run: 'r',
      scenario: 's',
      epochMs: 8,
      spec: {} as never,
      versions: {},
      modelled: [],
    }),
  ).toThrow(/epochMs 8.*from 7/);
});

test('300,000 events are read in two seconds of processor time', { timeout: 60_000 }, () => {
  const line = (seq: number): string =>
    `{"seq":${seq},"atMs":${seq},"kind":"write-acknowledged","router":"router-a","record":${seq},"guestMs":1700000000000}\n`;
  writeFileSync(file(), Array.from({ length: 300_000 }, (_, seq) => line(seq)).join(''));
  // Not by the clock: on a busy machine that would measure the others.
  const before = process.cpuUsage();
  expect(readJournal(file()).history).toHaveLength(300_000);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(2_000);
});
