import { describe, expect, it } from 'vitest';
import { brick, gateFor, node } from '../../harness/index.ts';
import type { Ended, GateFacts, Waiver } from '../../harness/index.ts';
import type { Asked } from './answer.ts';
import { exitCodeOf } from './ask.ts';
import { answerJson } from './json.ts';
import { answerText } from './text.ts';

type Decision = Ended['answer']['rulings'][number]['decision'];

const NODES = ['pve1', 'pve2', 'pve3'] as const;
const gate = gateFor({ profile: 'full', soakMs: 0, only: ['D1', 'E1', 'A2'], skip: [] });
const open: Decision = { kind: 'open', saw: 'all is well' };
const held: Decision = { kind: 'held', waitingFor: ['brick pve1:/b lists 12 files to heal (x)'] };
const unknown: Decision = { kind: 'unknown', because: ['peer status of pve3 was not seen: timed out'] };
const refused: Decision = {
  kind: 'refused',
  because: ['quorum would be lost', 'twice', 'three times'],
  todo: 'Bring the missing bricks back first.',
  heals: true,
};

const facts = (): GateFacts => ({
  atMs: 0,
  tookMs: 900,
  volume: 'v',
  profile: 'full',
  nodes: NODES.map((name) => {
    const no = { seen: false, because: 'timed out' } as const;
    const identity = { seen: true, uuid: name, bootId: name, uptimeMs: 1, epochMs: 1 } as const;
    return {
      node: node(name),
      tookMs: 5,
      identity: name === 'pve3' ? no : identity,
    } as GateFacts['nodes'][number];
  }),
  healWitnesses: [],
  healLeftOut: undefined,
  bricks: [],
  audited: { seen: false, because: '' },
  sums: { seen: false, because: '' },
  surroundings: {
    lease: { seen: false, because: '' },
    outOfBand: { seen: false, because: '' },
    alerting: { seen: false, because: '' },
    canary: { seen: false, because: '' },
  },
});

interface Told {
  readonly kind: Ended['answer']['kind'];
  readonly d1?: Decision;
  readonly e1?: Decision;
  readonly because?: Ended['because'];
  readonly waived?: string;
  readonly worthWaiting?: boolean;
  readonly pending?: number;
}

function asked({
  kind,
  d1 = open,
  e1 = open,
  because = 'asked',
  waived,
  worthWaiting = true,
  pending = 0,
}: Told): Asked {
  const ended: Ended = {
    because,
    answer: {
      gate: 'full',
      node: node('pve2'),
      kind,
      summary: '',
      sentences: [],
      todo: e1.kind === 'refused' ? [e1.todo] : [],
      worthWaiting,
      rulings: [
        { code: 'A2', name: 'peers-symmetric', decision: open },
        { code: 'D1', name: 'index-empty', decision: d1, ...(waived === undefined ? {} : { waived }) },
        { code: 'E1', name: 'client-quorum-margin', decision: e1 },
      ],
      stability: open,
      looks: 3,
    },
    facts: facts(),
    backlog: {
      atMs: 0,
      bricks: NODES.map((name) => ({
        brick: brick(`${name}:/b`),
        pending: name === 'pve3' ? { because: 'timed out' } : pending,
      })),
      most: pending,
    },
    trend: pending > 0 ? { perSecond: 2, emptyIn: pending / 2 } : undefined,
    looks: 3,
    tookMs: 2100,
    stalledMs: 1_260_000,
  };
  const waivers: readonly Waiver[] = waived === undefined ? [] : [{ condition: 'D1', why: waived }];
  const volume = { name: 'v', started: true, healTimeoutMs: 600_000 };
  return {
    node: node('pve2'),
    volume,
    gate,
    waivers,
    ended,
    exitCode: exitCodeOf(ended),
    stallMs: 1_200_000,
  };
}

const text = (told: Told): string => answerText(asked(told), false).join('\n');

describe('exit codes: only 0 is a yes', () => {
  it.each<[Told, number]>([
    [{ kind: 'open', because: 'open' }, 0],
    [{ kind: 'held' }, 1],
    [{ kind: 'held', because: 'late' }, 1],
    [{ kind: 'refused', because: 'hopeless' }, 2],
    [{ kind: 'unknown' }, 3],
    // Waiting alone does not open it.
    [{ kind: 'held', because: 'stalled' }, 2],
    [{ kind: 'unknown', because: 'stalled' }, 3],
    [{ kind: 'open', because: 'interrupted' }, 130],
  ])('%o: %i', (told, code) => {
    expect(exitCodeOf(asked(told).ended)).toBe(code);
  });
});

describe('in words', () => {
  it('open: who may go, and what was asked', () => {
    const said = text({ kind: 'open', because: 'open' });
    expect(said.split('\n')[0]).toBe('OPEN     pve2 may go down now.');
    expect(said.replaceAll(/\s+/g, ' ')).toContain('asked pve1, pve2, pve3 (no answer)');
    expect(said).toMatch(/^ {2}not judged: .*B1/m);
    expect(said).not.toContain('before a reboot');
  });

  it('the fast profile is no answer before a reboot', () => {
    const quick = {
      ...asked({ kind: 'open', because: 'open' }),
      gate: { ...gate, profile: 'fast' as const },
    };
    expect(answerText(quick, false).join(' ')).toMatch(/before a reboot +ask with --profile full/);
  });

  it('held: which brick, how many, falling how fast, until when, and what to do', () => {
    const said = text({ kind: 'held', d1: held, pending: 12 });
    expect(said.split('\n').slice(0, 3)).toEqual([
      'HELD     pve2 must stay up for now. It waits for:',
      '  D1     brick pve1 lists 12 files to heal (x)',
      '         to heal: pve1 12 pve2 12 pve3 ?; falling by 2.0 per second, empty in about 6.0 s',
    ]);
    expect(said).toContain('Ask again later, or let it wait: --wait 30m.');
  });

  it('refused: why, at most two sentences of each, and what to do about it', () => {
    const said = text({ kind: 'refused', e1: refused, because: 'hopeless', worthWaiting: false });
    expect(said.split('\n').slice(0, 6)).toEqual([
      'REFUSED  pve2 must stay up, and waiting alone does not change that:',
      '  E1     quorum would be lost',
      '         twice',
      '         and 1 more (--json has all)',
      '  What to do',
      '    Bring the missing bricks back first.',
    ]);
  });

  it('refused for what heals by itself is no dead end', () => {
    expect(text({ kind: 'refused', e1: refused })).toMatch(/^REFUSED {2}pve2 must stay up:$/m);
  });

  it('unknown is no permission; the worst comes first', () => {
    const said = text({ kind: 'unknown', d1: held, e1: unknown });
    expect(said).toMatch(
      /^UNKNOWN {2}pve2 must stay up: what has to be known could not be seen\.\n {2}E1 .*\n.*\n? {2}D1 /,
    );
    expect(said).toContain('Not knowing is no permission.');
  });

  it('stalled: for how long, against which time-out', () => {
    const said = text({ kind: 'held', d1: held, because: 'stalled', pending: 12 });
    expect(said).toContain('nothing has healed for 21 min; cluster.heal-timeout of v is 10 min');
    expect(said).toMatch(/^REFUSED/);
  });

  it('waived: shown, with what it would have said', () => {
    const said = text({ kind: 'open', because: 'open', d1: held, waived: 'a test volume' });
    expect(said).toMatch(/^OPEN/);
    expect(said.replaceAll(/\s+/g, ' ')).toContain(
      'waived D1 index-empty: a test volume (it would have said: held, brick pve1 lists 12 files to heal (x))',
    );
  });

  it('interrupted is no answer', () => {
    expect(text({ kind: 'open', because: 'interrupted' })).toMatch(
      /^STOPPED {2}pve2 must stay up: the question was interrupted/,
    );
  });

  it('colour only where it is wanted, and no line is wider than a terminal', () => {
    const lines = answerText(asked({ kind: 'held', d1: held, pending: 12 }), true);
    expect(lines[0]?.startsWith('\u001B[1;33mHELD')).toBe(true);
    const long = { kind: 'held', waitingFor: ['word '.repeat(60)] } as const;
    for (const line of answerText(asked({ kind: 'held', d1: long }), false))
      expect(line.length).toBeLessThanOrEqual(101);
  });
});

describe('as JSON', () => {
  const json = (told: Told) => JSON.parse(JSON.stringify(answerJson(asked(told)))) as Record<string, unknown>;

  it('has every condition with its reasons, the backlog, and who answered', () => {
    expect(json({ kind: 'refused', e1: refused, d1: held, pending: 12 })).toMatchObject({
      verdict: 'refused',
      exitCode: 2,
      node: 'pve2',
      volume: 'v',
      conditions: [
        { code: 'A2', decision: 'open', reasons: [], saw: 'all is well' },
        { code: 'D1', decision: 'held', reasons: ['brick pve1:/b lists 12 files to heal (x)'] },
        { code: 'E1', decision: 'refused', todo: 'Bring the missing bricks back first.', heals: true },
      ],
      backlog: {
        bricks: [
          { brick: 'pve1:/b', pending: 12 },
          { brick: 'pve2:/b', pending: 12 },
          { brick: 'pve3:/b', pending: null, because: 'timed out' },
        ],
        perSecond: 2,
        emptyInSeconds: 6,
      },
      nodes: [
        { answered: true },
        { answered: true },
        { node: 'pve3', answered: false, because: 'timed out' },
      ],
    });
  });

  it('a stalled heal is a no, whatever the conditions say', () => {
    expect(json({ kind: 'held', d1: held, because: 'stalled', pending: 12 })).toMatchObject({
      verdict: 'refused',
      exitCode: 2,
      ended: 'stalled',
      worthWaiting: false,
    });
  });
});
