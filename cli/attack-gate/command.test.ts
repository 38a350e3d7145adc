import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { attackGateCommand } from './command.ts';

// Each starts dozens of processes, which a busy machine may be slow at.
vi.setConfig({ testTimeout: 60_000 });

async function ask(...words: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const said = { code: -1, out: '', error: '' };
  const command = attackGateCommand(
    {
      line: (text) => (said.out += `${text}\n`),
      error: (text) => (said.error += `${text}\n`),
      colour: false,
    },
    (code) => (said.code = code),
  );
  command.configureOutput({
    writeOut: (text) => (said.out += text),
    writeErr: (text) => (said.error += text),
  });
  command.exitOverride();
  const program = new Command('healproof').addCommand(command);
  await program.parseAsync(['attack-gate', ...words], { from: 'user' }).catch((error: unknown) => {
    said.error += String(error);
  });
  return said;
}

function gate(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-gate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gate.sh');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const SUM = `gluster volume heal "$HEALPROOF_VOLUME" info | awk '/^Number/ { s += $4 } END { exit s > 0 }'`;
const TWO = ['--only', 'dash-one-brick', '--only', 'healthy-idle', '--speed', '1000'];

test('fooled once: says where and why, and ends with 1', async () => {
  const { code, out } = await ask(...TWO, '--', gate(SUM));
  expect(code).toBe(1);
  expect(out).toContain('2 states, 60 s for each. gluster, ssh and sudo are stand-ins');
  expect(out).toMatch(/^FOOLED {3}dash-one-brick .*says go {5}truth no-go/m);
  expect(out).toMatch(/^survived healthy-idle/m);
  expect(out).toContain('survived 1 of 2, fooled once, blocked 0 without need');
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('a gate that only blocks without need ends with 0 and is told so', async () => {
  const { code, out } = await ask(...TWO, '--', gate('gluster volume list; exit 1'));
  expect(code).toBe(0);
  expect(out).toMatch(/^blocked {2}healthy-idle/m);
  expect(out).toContain('survived 1 of 2, fooled never, blocked 1 without need');
  expect(out).toContain('It did not open in any healthy state');
});

test('a gate that fails before it asks has survived nothing: ends with 3 and says what it said', async () => {
  const { code, out, error } = await ask(...TWO, '--', gate('echo "ImportError: yaml" >&2; exit 1'));
  expect(code).toBe(3);
  expect(out).toContain('It said: ImportError: yaml');
  expect(error).toContain('no run asked gluster anything, so what it survived means nothing');
});

test('go may be a text instead of an exit code', async () => {
  const { code, out } = await ask(
    ...TWO,
    '--go-when',
    'stdout:^SAFE',
    '--',
    gate(`${SUM} && echo SAFE; exit 9`),
  );
  expect(code).toBe(1);
  expect(out).toMatch(/^survived healthy-idle +says go/m);
});

test('what can not be run ends with 3 and says what to do', async () => {
  expect(await ask('--', './no-such-gate')).toMatchObject({
    code: 3,
    error: expect.stringContaining('attack-gate: running ./no-such-gate: there is no such file'),
  });
  expect(await ask()).toMatchObject({ code: 3, error: expect.stringContaining('no command was given') });
  expect(await ask('--only', 'weather', '--', 'true')).toMatchObject({
    code: 3,
    error: 'attack-gate: there is no state weather; attack-gate --list lists them\n',
  });
  expect(await ask('--node', 'pve9', '--', 'true')).toMatchObject({
    code: 3,
    error: expect.stringContaining('three different nodes'),
  });
});

test('options that make no sense are refused with a reason', async () => {
  expect((await ask('--go-when', 'maybe', '--list')).error).toContain('write exit:0 or stdout:REGEX');
  expect((await ask('--limit', '5', '--list')).error).toContain('write a time such as 90s or 5m');
  expect((await ask('--speed', '0', '--list')).error).toContain('write a number of 1 or more');
});

test('--json is one document', async () => {
  const { code, out } = await ask(...TWO, '--json', '--', gate(SUM));
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    speed: 1000,
    score: { states: 2, survived: 1, fooled: 1, blocked: 0 },
    states: [
      { name: 'dash-one-brick', truth: 'no-go', said: 'go', result: 'fooled', exitCode: 0 },
      { name: 'healthy-idle', truth: 'go', said: 'go', result: 'survived' },
    ],
  });
});

test('--list tells the states and their truth and runs nothing, for any names', async () => {
  const { code, out } = await ask('--list', '--nodes', 'a,b,c', '--node', 'a', '--volume', 'gv0');
  expect(code).toBe(0);
  expect(out).toMatch(/^count-120 +no-go {2}120 files to heal on a$/m);
  expect(out).toMatch(/^healthy-idle +go {5}all well, nobody writes$/m);
  const json = await ask('--list', '--json');
  expect(JSON.parse(json.out)).toContainEqual(expect.objectContaining({ name: 'hangs', shownBy: 'gluster' }));
});

test('the help has examples and exit codes', async () => {
  const { out } = await ask('--help');
  expect(out).toContain('healproof attack-gate -- ./my-gate.sh');
  expect(out).toContain(
    'Exit code: 0 survived all, 1 fooled at least once, 3 could not run it, or it never asked gluster.',
  );
});
