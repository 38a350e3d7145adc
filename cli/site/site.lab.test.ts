/** What asks a real cluster, asked of a lab over real SSH: gate, lease, exporter. One lab for all, since it is well again after each. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../../harness/index.ts';
import { realClock } from '../../lab/index.ts';
import { gateCommand } from '../gate/index.ts';
import { leaseCommand } from '../lease/index.ts';
import { configWithAgent, meetLab } from './lab.fixture.ts';
import type { Met } from './lab.fixture.ts';

const MAIN = resolve(import.meta.dirname, '../main.ts');
const LIMIT_MS = 120_000;
const BRICK = '/bricks/vmstore/brick';

let met: Met;
beforeAll(async () => {
  met = await meetLab();
}, LIMIT_MS);
afterAll(async () => met[Symbol.asyncDispose](), LIMIT_MS);

interface Ran {
  readonly code: number;
  readonly text: string;
}

/** A command in this process, as a person calls it. */
async function ran(
  command: typeof gateCommand | typeof leaseCommand,
  ...words: readonly string[]
): Promise<Ran> {
  let code = Number.NaN;
  const said: string[] = [];
  const out = {
    line: (text: string) => void said.push(text),
    error: (text: string) => void said.push(text),
    colour: false,
  };
  await command((ended) => (code = ended), out).parseAsync([...words], { from: 'user' });
  return { code, text: said.join('\n') };
}
const gate = (...words: readonly string[]): Promise<Ran> => ran(gateCommand, ...met.words, ...words);
/** `take`, `show` or `release`, and its options. */
const lease = (act: string, ...words: readonly string[]): Promise<Ran> =>
  ran(leaseCommand, act, ...met.words, ...words);

/** Until it is so, or the test fails with what it still waited for. */
async function within(seconds: number, pending: () => Promise<string | undefined>): Promise<void> {
  const options = { withinMs: seconds * 1000, everyMs: 500, signal: new AbortController().signal };
  const waited = await until(realClock, pending, options);
  if (waited.kind === 'late') throw new Error(`not within ${seconds} s: ${waited.pending}`);
}

test('a whole cluster: the gate opens, in words and as JSON', { timeout: LIMIT_MS }, async () => {
  // The self-heal daemons of a volume that has just been started connect last.
  const words = await gate('--node', 'pve2', '--wait', '1m');
  expect(words.text).toMatch(/^OPEN +pve2 may go down now\./m);
  expect(words.code).toBe(0);
  const json = await gate('--node', 'pve2', '--json');
  expect(JSON.parse(json.text)).toMatchObject({
    verdict: 'open',
    exitCode: 0,
    node: 'pve2',
    volume: 'vmstore',
  });
});

describe('the lease', () => {
  // What one test leaves behind must not keep the next one's gate shut.
  afterEach(async () => void (await lease('release', '--force')));

  test(
    'two operators: the second is told who has it and until when, by lease and by gate',
    { timeout: LIMIT_MS },
    async () => {
      expect(await lease('take', '--node', 'pve2', '--owner', 'ann', '--ttl', '10m')).toMatchObject({
        code: 0,
      });
      const second = await lease('take', '--node', 'pve3', '--owner', 'bob');
      expect(second.code).toBe(1);
      expect(second.text).toMatch(
        /the lease is taken: ann may take pve2 down: renewed .* ago, ends in (10 min|[56]\d\d s)/,
      );
      const asked = await gate('--node', 'pve3', '--owner', 'bob');
      expect([asked.code, asked.text]).toEqual([
        1,
        expect.stringMatching(/E4a +ann holds the lease for pve2, for another \d+ s/),
      ]);
      const wanted = await gate('--node', 'pve3', '--owner', 'bob', '--lease');
      expect([wanted.code, wanted.text]).toEqual([
        1,
        expect.stringMatching(/^HELD +the lease is taken: ann/),
      ]);
      // Their own is not in their way, but only for the node it is for.
      expect(await gate('--node', 'pve2', '--owner', 'ann')).toMatchObject({ code: 0 });
      expect(await gate('--node', 'pve1', '--owner', 'ann')).toMatchObject({ code: 1 });
      expect(await lease('release', '--owner', 'bob')).toMatchObject({ code: 1 });
      expect(await lease('release', '--owner', 'ann')).toMatchObject({ code: 0 });
      expect(await lease('show')).toMatchObject({ code: 0, text: expect.stringMatching(/^FREE/) as string });
    },
  );

  test('gate --lease: open, it is kept; whoever comes then is refused', { timeout: LIMIT_MS }, async () => {
    const opened = await gate('--node', 'pve2', '--owner', 'ann', '--lease');
    expect([opened.code, opened.text]).toEqual([
      0,
      expect.stringMatching(/lease +ann has it for pve2, for 30 min/),
    ]);
    expect(await gate('--node', 'pve3', '--owner', 'bob', '--lease')).toMatchObject({ code: 1 });
    expect(await lease('release', '--owner', 'ann')).toMatchObject({ code: 0 });
  });

  test(
    'a heartbeat keeps it while the gate waits; a gate that stays shut gives it back',
    { timeout: LIMIT_MS },
    async () => {
      await met.does('pve3', 'kill -9 $(pgrep -x glusterfsd)');
      onTestFinished(
        async () => void (await met.does('pve1', 'gluster --mode=script volume start vmstore force')),
      );
      const waiting = gate(
        '--node',
        'pve2',
        '--owner',
        'ann',
        '--lease',
        '--lease-ttl',
        '10s',
        '--wait',
        '25s',
      );
      const began = performance.now();
      await within(20, async () =>
        (await lease('show')).text.startsWith('TAKEN') ? undefined : 'nobody has it',
      );
      // Longer than its time to live.
      await within(30, async () => (performance.now() - began > 16_000 ? undefined : 'time'));
      const second = await lease('take', '--node', 'pve1', '--owner', 'bob');
      expect([second.code, second.text]).toEqual([1, expect.stringContaining('ann may take pve2 down')]);
      expect((await waiting).code).not.toBe(0);
      expect((await lease('show')).text).toMatch(/^FREE/);
    },
  );

  test('one whose owner is gone ends by itself, and is taken over', { timeout: LIMIT_MS }, async () => {
    expect(await lease('take', '--node', 'pve2', '--owner', 'ann', '--ttl', '10s')).toMatchObject({
      code: 0,
    });
    const began = performance.now();
    await within(30, async () => {
      const { code, text } = await lease('take', '--node', 'pve3', '--owner', 'bob', '--ttl', '10m');
      return code === 0 ? undefined : text;
    });
    expect(performance.now() - began).toBeGreaterThan(8000);
    expect((await lease('show')).text).toContain('bob may take pve3 down');
    expect(await lease('release', '--owner', 'bob')).toMatchObject({ code: 0 });
  });
});

describe('a key that only an agent holds', () => {
  /** A real one, with a socket of its own. */
  async function agentWith(...keys: readonly string[]): Promise<string> {
    const socket = join(met.folder, `agent-${keys.length}.sock`);
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    onTestFinished(() => void agent.kill());
    await within(5, async () => (existsSync(socket) ? undefined : 'the agent’s socket'));
    for (const key of keys)
      execFileSync('ssh-add', [key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    return configWithAgent(met, socket);
  }
  const gateBy = (config: string): Promise<Ran> => {
    const inventory = met.words.slice(0, 2);
    return ran(gateCommand, ...inventory, '--ssh-config', config, '--node', 'pve2', '--profile', 'fast');
  };

  test('it opens the nodes, jump host included', { timeout: LIMIT_MS }, async () => {
    const config = await agentWith(met.key);
    expect(readFileSync(config, 'utf8')).not.toContain(met.key);
    const asked = await gateBy(config);
    expect([asked.code, asked.text]).toEqual([0, expect.stringMatching(/^OPEN/)]);
  });

  test('an agent without keys: nothing is known, and it is said why', { timeout: LIMIT_MS }, async () => {
    const config = await agentWith();
    const asked = await gateBy(config);
    expect([asked.code, asked.text]).toEqual([3, expect.stringMatching(/no node could be asked/)]);
  });
});

describe('the exporter', () => {
  /** The command as a process of its own, and how its page reads. */
  async function serving(...words: readonly string[]) {
    const exporter = spawn(process.execPath, [MAIN, 'exporter', ...met.words, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void exporter.kill('SIGKILL'));
    let said = '';
    exporter.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const address = (): string | undefined => /http:\S+/.exec(said)?.[0];
    await within(20, async () => (address() === undefined ? `its address: ${said}` : undefined));
    const read = async (): Promise<ReadonlyMap<string, number>> => {
      const answer = await fetch(address() ?? '');
      if (answer.status !== 200) return new Map();
      const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(
        lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
      );
    };
    return { exporter, read };
  }

  const brick = (name: string, on: string): string => `${name}{volume="vmstore",brick="${on}:${BRICK}"}`;
  const COMPLETE = 'healproof_heal_info_complete{volume="vmstore"}';
  const margin = (on: string): string => `healproof_quorum_margin{volume="vmstore",node="${on}"}`;
  const heal = (on: string): string =>
    `gluster_volume_heal_count{volume="vmstore",brick_path="${BRICK}",host="${on}"}`;

  const shutOf = (page: ReadonlyMap<string, number>): readonly string[] =>
    [...page].flatMap(([name, value]) => (value === 0 && name.includes('condition_open') ? [name] : []));

  /** Until the page has these values; `undefined`: until it has no such sample. */
  const shows = (
    read: () => Promise<ReadonlyMap<string, number>>,
    wanted: Readonly<Record<string, number | undefined>>,
  ) =>
    within(40, async () => {
      const page = await read();
      const other = Object.entries(wanted).filter(([name, value]) => page.get(name) !== value);
      return other.length === 0
        ? undefined
        : [
            ...other.map(([name, value]) => `${name} is ${page.get(name)}, not ${value}`),
            ...shutOf(page),
          ].join('; ');
    });
  const ended = async (child: ChildProcess): Promise<unknown> => {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    return (await gone)[0];
  };

  test(
    'a brick is killed, then can’t be read, then is back; Ctrl-C ends it',
    { timeout: LIMIT_MS },
    async () => {
      const { exporter, read } = await serving('--listen', '127.0.0.1:0', '--interval', '2s');
      await shows(read, {
        [COMPLETE]: 1,
        'healproof_gate_open{volume="vmstore",node="pve2"}': 1,
        [margin('pve1')]: 1,
        [heal('pve3')]: 0,
      });

      await met.does('pve3', 'kill -9 $(pgrep -x glusterfsd)');
      await shows(read, {
        [brick('healproof_brick_online', 'pve3')]: 0,
        [brick('healproof_brick_readable', 'pve3')]: 1,
        [COMPLETE]: 0,
        [heal('pve3')]: undefined,
        [heal('pve1')]: 0,
        [margin('pve1')]: 0,
        'healproof_gate_open{volume="vmstore",node="pve2"}': 0,
        'healproof_gate_state{volume="vmstore",node="pve2",state="refused"}': 1,
      });

      const index = `${BRICK}/.glusterfs/indices`;
      await met.does('pve3', `mv ${index} ${index}.away`);
      await shows(read, {
        [brick('healproof_brick_readable', 'pve3')]: 0,
        [brick('healproof_brick_readable', 'pve1')]: 1,
        [`healproof_index_entries{volume="vmstore",brick="pve3:${BRICK}",kind="xattrop"}`]: undefined,
        'healproof_split_brain_files{volume="vmstore"}': undefined,
        'healproof_volume_bricks{volume="vmstore"}': 3,
      });

      await met.does('pve3', `mv ${index}.away ${index}`);
      await met.does('pve1', 'gluster --mode=script volume start vmstore force');
      await shows(read, {
        [COMPLETE]: 1,
        [margin('pve1')]: 1,
        'healproof_gate_open{volume="vmstore",node="pve2"}': 1,
      });
      expect(await ended(exporter)).toBe(0);
    },
  );

  test('once into a file', { timeout: LIMIT_MS }, async () => {
    const file = join(met.folder, 'healproof.prom');
    const exporter = spawn(process.execPath, [MAIN, 'exporter', ...met.words, '--textfile', file], {
      stdio: 'inherit',
    });
    expect(await once(exporter, 'exit')).toEqual([0, null]);
    expect(readFileSync(file, 'utf8')).toContain('healproof_gate_open{volume="vmstore",node="pve1"} 1\n');
  });
});
