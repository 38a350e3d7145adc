import { expect, test } from 'vitest';
import type { EngineSearch } from '../engine/find.ts';
import type { SetupPlan } from '../engine/setup.ts';
import { parseCidr } from '../engine/procs.ts';
import { addressFinding } from './addresses.ts';
import { baseFinding } from './base.ts';
import { engineFindings } from './engine.ts';
import { bridgeFilterFinding, kvmFinding, memoryFinding, nodeFinding } from './machine.ts';
import { readTrials, TRIALS } from './probe.ts';

const route = (device: string, cidr: string) => ({ device, ...parseCidr(cidr) });

const candidate = {
  kind: 'system',
  host: 'unix:///var/run/docker.sock',
  from: 'the usual socket',
  explicit: false,
} as const;
const dead = { candidate, why: 'nobody listens there', missing: false };
const engine = {
  ...candidate,
  socketPath: '/var/run/docker.sock',
  version: '29.1.0',
  apiVersion: '1.52',
  cgroupVersion: '2',
  storageDriver: 'overlayfs',
  securityOptions: [],
  rootless: false,
  remapped: false,
  arch: 'amd64',
  dataRoot: '/var/lib/docker',
  operatingSystem: 'x',
};
const install: SetupPlan = { kind: 'install', packages: ['docker.io'] };
const grades = (search: EngineSearch, plan = install): readonly string[] =>
  engineFindings(search, plan).map(({ ok }) => ok);

test('an engine that can hold a lab, with one skipped on the way', () => {
  expect(grades({ kind: 'found', engine, dead: [] })).toEqual(['ok', 'ok']);
  expect(grades({ kind: 'found', engine, dead: [dead] })).toEqual(['ok', 'warn', 'ok']);
  expect(grades({ kind: 'found', engine, dead: [{ ...dead, missing: true }] })).toEqual(['ok', 'ok']);
});

test('an engine that is too old, or has no root, can not hold a lab', () => {
  expect(grades({ kind: 'found', engine: { ...engine, apiVersion: '1.40' }, dead: [] })[0]).toBe('fail');
  expect(grades({ kind: 'found', engine: { ...engine, rootless: true }, dead: [] })).toContain('fail');
});

test('none at all: a warning where the next run helps itself, a failure where a person must', () => {
  expect(grades({ kind: 'none', dead: [dead] })).toEqual(['warn']);
  const ask: SetupPlan = { kind: 'ask', because: 'x', commands: ['one', 'two'] };
  expect(engineFindings({ kind: 'none', dead: [dead] }, ask)[0]).toMatchObject({
    ok: 'fail',
    fix: expect.stringMatching(/^one\n +two$/),
  });
});

test('a dead engine that was asked for by name names the variable', () => {
  const refused = { kind: 'refused', dead: { ...dead, candidate: { ...candidate, kind: 'env' } } } as const;
  expect(engineFindings(refused, install)[0]).toMatchObject({
    ok: 'fail',
    fix: expect.stringContaining('DOCKER_HOST'),
  });
});

test('Node', () => {
  expect(nodeFinding('v24.0.0').ok).toBe('ok');
  expect(nodeFinding('v22.22.1').ok).toBe('fail');
});

test('KVM is never a reason to stop; PVM is told from the real one', () => {
  expect(kvmFinding({ device: false, modules: [] })).toMatchObject({ ok: 'ok', found: 'missing' });
  expect(kvmFinding({ device: true, modules: ['kvm_pvm'] }).found).toContain('PVM');
  expect(kvmFinding({ device: true, modules: ['kvm_pvm', 'kvm_amd'] }).found).not.toContain('PVM');
});

test('br_netfilter is explained, absent or present', () => {
  expect(bridgeFilterFinding('').found).toContain('off');
  expect(bridgeFilterFinding('1\n').found).toContain('FORWARD');
});

test('memory', () => {
  expect(memoryFinding('MemAvailable:   22000000 kB\n').ok).toBe('ok');
  expect(memoryFinding('MemAvailable:   1500000 kB\n').ok).toBe('warn');
  expect(memoryFinding('MemAvailable:   500000 kB\n').ok).toBe('fail');
});

test('addresses: labs are told from what is in the way', () => {
  const finding = addressFinding(
    [route('br-1', '198.18.8.0/24'), route('tun0', '198.18.16.0/20'), route('eth0', '0.0.0.0/0')],
    ['198.18.8.0/24'],
  );
  expect(finding.ok).toBe('ok');
  expect(finding.found).toBe(
    '29 of 32 places for labs are free; labs have 1 networks; in the way: 198.18.16.0/20 on tun0',
  );
  expect(addressFinding([route('tun0', '198.18.0.0/15')], []).ok).toBe('fail');
});

test('images: built, to be pulled, to be made, impossible', () => {
  const signs = { built: [], registry: 'no such host', mirror: { mirror: 'http://m' }, canBootstrap: true };
  expect(baseFinding({ ...signs, built: ['a', 'b'] }).found).toBe('built: a, b');
  expect(baseFinding({ ...signs, registry: undefined }).found).toContain('can be pulled');
  expect(baseFinding(signs)).toMatchObject({ ok: 'ok', found: expect.stringContaining('mmdebstrap') });
  expect(baseFinding({ ...signs, canBootstrap: false })).toMatchObject({ ok: 'fail' });
  expect(baseFinding({ ...signs, mirror: { why: 'HTTP 503' } })).toMatchObject({
    ok: 'fail',
    found: expect.stringContaining('HTTP 503'),
  });
  expect(baseFinding({ ...signs, mirror: { why: 'no such host' }, proxied: true })).toMatchObject({
    ok: 'warn',
  });
});

test('trials in a container: said yes, said no, said nothing', () => {
  const all = TRIALS.map(({ name }) => `yes ${name}`);
  expect(readTrials(all.join('\r\n')).every(({ ok }) => ok === 'ok')).toBe(true);
  const output = all.map((line) =>
    line === 'yes tbf'
      ? 'no tbf: Specified qdisc kind is unknown.'
      : line.replace('yes netem', 'no netem: x'),
  );
  const findings = readTrials(output.filter((line) => line !== 'yes fuse').join('\n'));
  const grade = (name: string) => findings.find((finding) => finding.name === name);
  expect(grade('tbf')).toMatchObject({ ok: 'fail', found: expect.stringContaining('qdisc kind is unknown') });
  expect(grade('fuse')).toMatchObject({ ok: 'fail', found: expect.stringContaining('no answer') });
  expect(grade('netem')?.ok).toBe('ok');
});
