import { expect, it } from 'vitest';
import { FAULTS, node } from '../../harness/index.ts';
import type { EventBody, ExecOutcome, Shell, SiteSpec } from '../../harness/index.ts';
import { planNetworks } from '../network/plan.ts';
import { Injector } from './injector.ts';
import { line, Place, proof } from './mechanism.ts';
import type { Mechanism } from './mechanism.ts';
import { MECHANISMS } from './mechanisms.ts';

const NODES = [node('pve1'), node('pve2'), node('pve3')] as const;
const SPEC = {
  nodes: NODES,
  volume: { name: 'v', layout: 'replica-3' },
  routers: [
    { name: 'router-a', vmid: 101, startsOn: NODES[0] },
    { name: 'router-b', vmid: 102, startsOn: NODES[1] },
  ],
} as unknown as SiteSpec;
const SIGNAL = new AbortController().signal;

const exited = (exitCode: number, stdout = ''): ExecOutcome => ({
  kind: 'exited',
  exitCode,
  stdout,
  stderr: '',
  tookMs: 1,
});

function stage(answer: (on: string, sh: string) => ExecOutcome) {
  const journal: EventBody[] = [];
  const ran: string[] = [];
  let now = 0;
  const mechanism: Mechanism = {
    begin: ({ node: on }) => [line(on, 'break it')],
    proofs: ({ witness }) => [
      proof(witness, 'see it', { what: 'broken', seenBy: `a look from ${witness}`, withinMs: 900 }),
    ],
    end: ({ node: on }) => [line(on, 'mend it')],
  };
  const shells = (): readonly Shell[] =>
    NODES.map((on) => ({
      node: on,
      run: (sh) => {
        ran.push(`${on}: ${sh}`);
        return Promise.resolve(answer(on, sh));
      },
    }));
  const injector = new Injector({
    spec: SPEC,
    plan: planNetworks(0),
    shells,
    journal: {
      record: (body) => {
        journal.push(body);
        return { seq: journal.length - 1, atMs: now, ...body };
      },
    },
    clock: { epochMs: () => now, pause: (ms) => Promise.resolve(void (now += ms)) },
    mechanisms: { 'brick-killed': mechanism },
  });
  return { injector, journal, ran, kinds: () => journal.map(({ kind }) => kind) };
}

it('a fault has its receipt from another node, and ends once', async () => {
  const { injector, journal, ran } = stage(() => exited(0, 'yes'));
  await injector.inject('brick-killed', NODES[2], SIGNAL);
  await injector.endAll();
  await injector.endAll();
  expect(journal).toEqual([
    { kind: 'fault-began', fault: 'brick-killed', target: 'pve3' },
    { kind: 'receipt', of: 0, receipt: { what: 'broken: yes', seenBy: 'a look from pve1' } },
    { kind: 'fault-ended', of: 0 },
  ]);
  expect(ran).toEqual(['pve3: break it', 'pve1: see it', 'pve3: mend it']);
});

it('what nobody sees has no receipt, after a deadline', async () => {
  const { injector, kinds } = stage((_, sh) => exited(sh === 'see it' ? 1 : 0));
  await injector.inject('brick-killed', NODES[2], SIGNAL);
  expect(kinds()).toEqual(['fault-began', 'no-receipt']);
});

it('what could not be brought about has no receipt, and is ended all the same', async () => {
  const { injector, kinds, ran } = stage((_, sh) => exited(sh === 'break it' ? 1 : 0));
  expect(await injector.inject('brick-killed', NODES[2], SIGNAL)).toMatchObject({ kind: 'done' });
  await injector.endAll();
  expect(kinds()).toEqual(['fault-began', 'no-receipt', 'fault-ended']);
  expect(ran).not.toContain('pve1: see it');
});

const LOCKED =
  'volume start: v: failed: Another transaction is in progress for v. Please try again after some time.';

it('a lock that somebody holds for an instant is waited for; one that stays held is not', async () => {
  let asked = 0;
  const soon = stage((_, sh) => (sh === 'break it' && ++asked < 3 ? exited(1, LOCKED) : exited(0, 'yes')));
  await soon.injector.inject('brick-killed', NODES[2], SIGNAL);
  expect(soon.ran.filter((one) => one === 'pve3: break it')).toHaveLength(3);
  expect(soon.kinds()).toEqual(['fault-began', 'receipt']);
  const never = stage((_, sh) => (sh === 'break it' ? exited(1, LOCKED) : exited(0)));
  await never.injector.inject('brick-killed', NODES[2], SIGNAL);
  expect(never.kinds()).toEqual(['fault-began', 'no-receipt']);
});

it('a fault that can’t be ended says so, and the lab is not believed any more', async () => {
  const { injector, kinds } = stage((_, sh) => exited(sh === 'mend it' ? 1 : 0));
  await injector.inject('brick-killed', NODES[2], SIGNAL);
  await expect(injector.endAll()).rejects.toThrow(/brick-killed can’t be ended/);
  expect(kinds()).not.toContain('fault-ended');
});

it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
  '%s has lines for a site of its layout',
  (_, fault) => {
    const spec = { ...SPEC, volume: { ...SPEC.volume, layout: fault.layout } };
    const place = new Place(spec, planNetworks(0), NODES[fault.hits] ?? NODES[0]);
    const { begin, proofs, end } = MECHANISMS[fault.name];
    expect(begin(place).length).toBeGreaterThan(0);
    expect(end(place).length).toBeGreaterThan(0);
    for (const { seenBy } of proofs(place)) expect(seenBy).not.toBe(place.node);
  },
);
