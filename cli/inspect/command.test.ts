import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brick as brickId, judgeSnapshot } from '../../harness/index.ts';
import { inspect, type InspectOptions } from './command.ts';
import { printSnapshot } from './print.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healproof-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (path: string, gfid: string, ...lines: string[]): string =>
  [`# file: /b${path}`, ...lines, `trusted.gfid=0x${gfid}`, '', ''].join('\n');
const ROOT = record('', '00000000000000000000000000000001');
const GFID = 'aaaaaaaa000000000000000000000001';
const accuses = (client: number): string => `trusted.afr.v-client-${client}=0x000000010000000000000000`;

function brick(name: string, text: string): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'getfattr.txt'), text);
  return `${name}=${join(folder, name)}`;
}

async function run(options: InspectOptions): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await inspect(options, { out: (t) => (out += t), err: (t) => (err += t) });
  return { code, out, err };
}

describe('exit codes', () => {
  test('0 clean', async () => {
    const bricks = ['a', 'b', 'c'].map((n) => brick(n, ROOT + record('/f', GFID)));
    const { code, out } = await run({ bricks });
    expect(code).toBe(0);
    expect(out).toContain('CLEAN: 2 clean');
  });
  test('1 healing or worse', async () => {
    const bricks = [
      brick('a', ROOT + record('/f', GFID, accuses(1))),
      brick('b', ROOT + record('/f', GFID)),
      brick('c', ROOT + record('/f', GFID, accuses(1))),
    ];
    expect((await run({ bricks })).code).toBe(1);
  });
  test('2 undecidable', async () => {
    const dirty = 'trusted.afr.dirty=0x000000010000000000000000';
    const bricks = ['a', 'b', 'c'].map((n) => brick(n, ROOT + record('/f', GFID, dirty)));
    expect((await run({ bricks })).code).toBe(2);
  });
  test('2 for what can not be read, with one line that says where', async () => {
    const { code, out, err } = await run({
      bricks: [brick('a', ROOT), brick('b', `${ROOT}# file: /b/f\ntrusted.gfid=0xaa`)],
    });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^inspect: .*b\/getfattr\.txt:5: half a dump: .*\/b\/f.*\n$/);
  });
  test('2 for too few bricks, and for an argument that is no NAME=FOLDER', async () => {
    expect((await run({ bricks: [brick('a', ROOT)] })).err).toContain('at least two bricks are needed');
    expect((await run({ bricks: ['a', 'b'] })).err).toContain("'a' is not NAME=FOLDER");
  });
});

describe('--json', () => {
  test('the shape that machines read', async () => {
    const bricks = [
      brick('a', ROOT + record('/f', GFID, accuses(1))),
      brick('b', ROOT + record('/f', GFID, accuses(0))),
    ];
    const { code, out } = await run({ bricks, json: true });
    expect(code).toBe(1);
    const answer = JSON.parse(out) as { files: Record<string, unknown>[]; worst: string };
    expect(answer.worst).toBe('split-brain');
    expect(answer.files[1]).toMatchObject({
      path: '/f',
      gfid: 'aaaaaaaa-0000-0000-0000-000000000001',
      state: 'split-brain',
      kinds: ['data'],
      sources: [],
      sinks: ['a', 'b'],
      blame: [
        { by: 'a', on: 'b', data: 1, metadata: 0, entry: 0 },
        { by: 'b', on: 'a', data: 1, metadata: 0, entry: 0 },
      ],
      ifDown: { a: { quorum: 'kept' }, b: { quorum: 'kept' } },
      ifSource: { a: { possible: true, loses: 'writes' }, b: { possible: true, loses: 'writes' } },
    });
    expect(Object.keys(answer)).toEqual(['files', 'worst']);
    const keys = ['path', 'gfid', 'state', 'kinds', 'sources', 'sinks', 'blame', 'ifDown', 'ifSource'];
    for (const file of answer.files) expect(Object.keys(file)).toEqual(keys);
  });
  test('--details has the rest too', async () => {
    const bricks = ['a', 'b', 'c'].map((n) =>
      brick(n, ROOT + record('/f', GFID, ...(n === 'b' ? [] : [accuses(1)]))),
    );
    const { out } = await run({ bricks, json: true, details: true });
    const answer = JSON.parse(out) as { files: Record<string, unknown>[]; order: string[]; notes: string[] };
    expect(answer.files[1]).toMatchObject({ path: '/f', reads: { result: 'newest' } });
    expect(answer.order.join()).toContain('gluster volume heal v');
  });
});

describe('a snapshot of a lab or a cluster is printed the same way', () => {
  const seen = judgeSnapshot({
    volume: 'v',
    bricks: [0, 1, 2].map((n) => ({
      brick: brickId(`pve${n}:/b`),
      arbiter: false,
      accusedAs: `trusted.afr.v-client-${n}`,
      seen: false,
      because: 'no answer',
    })),
    rules: { quorum: { type: 'auto' }, favoriteChild: 'none' },
    healInfo: [],
  });
  function print(json: boolean): { code: number; out: string } {
    let out = '';
    const code = printSnapshot(
      seen,
      { json, details: json },
      { out: (t) => (out += t), err: () => undefined },
    );
    return { code, out };
  }
  test('nobody answered: undecidable, and the CLI rows that are missing are told', async () => {
    expect(print(false)).toMatchObject({ code: 2 });
    expect(print(false).out).toContain('UNDECIDABLE: no file was seen');
    expect(print(false).out).toContain('the CLI disagrees about pve0:/b');
    const answer = JSON.parse(print(true).out) as {
      files: unknown[];
      worst: string;
      disagreements: unknown[];
    };
    expect(answer).toMatchObject({ files: [], worst: 'undecidable' });
    expect(answer.disagreements).toHaveLength(3);
  });
});

describe('text', () => {
  test('a split brain: who blames whom, what each choice costs, the exact commands, and the order', async () => {
    const bricks = [
      brick('a', ROOT + record('/f', GFID, accuses(1))),
      brick('b', ROOT + record('/f', GFID, accuses(0))),
    ];
    const { out } = await run({ bricks });
    expect(out).toContain('a accuses b (data 1)');
    expect(out).toContain('reads now   EIO');
    expect(out).toContain("gluster volume heal v split-brain source-brick a:/b '/f'");
    expect(out).toContain("gluster volume heal v split-brain source-brick b:/b '/f'");
    expect(out).toContain('safest order');
    expect(out).toContain("can't be undone");
  });
  test('control characters in names do not reach the terminal', async () => {
    const bricks = ['a', 'b'].map((n, i) =>
      brick(n, ROOT + (i === 0 ? record('/evil\\033[2J', GFID, accuses(1)) : record('/evil\\033[2J', GFID))),
    );
    const { out } = await run({ bricks });
    expect(out).toContain('/evil\\033[2J');
    expect(out).not.toContain('\u001b');
  });
  test('--print-collect reads the brick only and writes one new folder', async () => {
    const { code, out } = await run({ printCollect: true });
    expect(code).toBe(0);
    expect(out).toContain('getfattr -h -R -d -m');
    expect(out).toContain('--absolute-names');
    expect(out).not.toMatch(/setfattr|rm -|> "\$BRICK/);
  });
});
