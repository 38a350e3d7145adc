/** The real command, stopped by real signals: nothing stays behind, and what was seen until then is judged, or can be. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Engine, findOurs, realClock } from '../../lab/index.ts';
import type { KitFacts } from '../../lab/index.ts';
import { until } from '../../harness/index.ts';
import { readJournal } from '../../reports/index.ts';
import { EXIT } from './replay.ts';
import { readResults } from './results.ts';

const MAIN = resolve(import.meta.dirname, '../main.ts');
const STORY = 'quiet-disks-replica-2';
/** Engine, images and saved state are there; a lab stands after some ten seconds. */
const REACHED_MS = 120_000;
/** Taking a lab down takes two to five seconds; the janitor looks once a second. */
const GONE_MS = 40_000;

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'healproof-killed-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

const engine = (): Engine =>
  new Engine({ host: (JSON.parse(process.env['HEALPROOF_KIT'] ?? 'null') as KitFacts).host });

function healproof(...words: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Leads a process group, as a command in a terminal does.
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.once('exit', (code, signal) => done(code ?? signal)),
  );
  return { child, ended, said: () => said };
}

const within = async (withinMs: number, pending: () => Promise<string | undefined> | string | undefined) =>
  expect(
    await until(realClock, pending, { withinMs, everyMs: 200, signal: new AbortController().signal }),
  ).toMatchObject({ kind: 'met' });

const bundle = (): string => {
  const found = readdirSync(out).find((name) => name.startsWith(STORY));
  if (found === undefined) throw new Error(`there is no bundle in ${out}`);
  return join(out, found);
};

const fail = (): never => {
  throw new Error('healproof could not be started');
};

const leftovers = async (): Promise<string | undefined> => {
  const left = await findOurs(engine(), bundle().split('-').at(-1) ?? '');
  return left.length === 0 ? undefined : left.map(({ kind, name }) => `${kind} ${name}`).join(', ');
};

/** As a terminal and `timeout` do it: to every process of the command. Who is killed for want of memory is killed alone. */
function send(signal: NodeJS.Signals, pid: number): void {
  process.kill(signal === 'SIGKILL' ? pid : -pid, signal);
}

/** Plays until the first node is down, then sends the signal. */
async function stopInMidReboot(signal: NodeJS.Signals) {
  const replay = healproof('replay', STORY, '--out', out, '--no-report');
  await within(REACHED_MS, () =>
    /pve1 is down/.test(replay.said()) ? undefined : `"pve1 is down" in: ${replay.said().slice(-500)}`,
  );
  expect(await leftovers()).toBeDefined();
  send(signal, replay.child.pid ?? fail());
  return { ended: await replay.ended, said: replay.said() };
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s', { timeout: 240_000 }, async (signal) => {
  const { ended, said } = await stopInMidReboot(signal);
  expect(ended).toBe(EXIT.interrupted);
  expect(await leftovers()).toBeUndefined();
  expect(said).toContain('no lab is left');
  // It was taken down by the run itself, which says so, and judged as any other.
  const { history } = readJournal(join(bundle(), 'history.ndjson'));
  expect(history.some(({ kind }) => kind === 'aborted')).toBe(true);
  expect(history.at(-1)).toMatchObject({ kind: 'phase', phase: 'over' });
  expect(readdirSync(join(bundle(), 'logs'))).not.toEqual([]);
  const judged: unknown = JSON.parse(readFileSync(join(bundle(), 'verdict.json'), 'utf8'));
  expect(judged).toMatchObject({
    verdict: 'unknown',
    because: expect.stringContaining('interrupted') as string,
  });
  expect(readResults(out)).toMatchObject([{ verdict: 'unknown', bundle: bundle() }]);
});

test(
  'SIGKILL: the janitor clears up, and the history up to there is judged as unknown',
  { timeout: 240_000 },
  async () => {
    expect(await stopInMidReboot('SIGKILL')).toMatchObject({ ended: 'SIGKILL' });
    await within(GONE_MS, leftovers);
    const recheck = healproof('recheck', bundle());
    expect(await recheck.ended).toBe(EXIT.unknown);
    expect(recheck.said()).toContain('UNKNOWN');
  },
);
