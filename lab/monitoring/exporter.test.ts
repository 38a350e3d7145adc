/** What the exporter of a lab gets, as the real parsers read it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { node, router } from '../../harness/index.ts';
import type { Layout, SiteSpec } from '../../harness/index.ts';
import { planNetworks } from '../network/plan.ts';
import { EXPORTER_FOLDER, EXPORTER_LINE, exporterFiles, exporterInput, exporterWords } from './exporter.ts';

const spec = (layout: Layout): SiteSpec =>
  ({
    nodes: [node('pve1'), node('pve2')],
    volume: { name: 'vmstore', layout },
    routers: [{ name: router('router-a'), vmid: 101, startsOn: node('pve1'), writeEveryMs: 0 }],
  }) as unknown as SiteSpec;
const plan = planNetworks(0);
const keys = {
  privateKey: '-----BEGIN KEY-----\nsecret\n-----END KEY-----\n',
  hostKeys: new Map([
    ['pve1', 'ssh-ed25519 AAAA1'],
    ['pve2', 'ssh-ed25519 AAAA2'],
  ]),
};
const filesOf = (layout: Layout): Readonly<Record<string, string>> =>
  Object.fromEntries(exporterFiles(spec(layout), plan, keys).map(({ name, text }) => [name, text]));

test('each node by its address on lan and its own key, and no other key is believed', () => {
  const { config, known_hosts: known } = filesOf('replica-3');
  const lan = plan.ip('lan', 11);
  expect(config).toContain(`Host pve1\n  HostName ${lan}\n`);
  expect(config).not.toMatch(/ProxyJump|StrictHostKeyChecking/);
  expect(known).toContain(`${lan} ssh-ed25519 AAAA1\n`);
});

test('a node whose key nobody read is no guess', () => {
  expect(() => exporterFiles(spec('replica-3'), plan, { ...keys, hostKeys: new Map() })).toThrow(
    /host key of pve1/,
  );
});

test('two copies have no quorum by design, as the stories say; three must have one', () => {
  expect(filesOf('replica-2')['inventory.ini']).toContain('healproof_waive_A3a="this site has two copies');
  expect(filesOf('replica-3')['inventory.ini']).not.toContain('A3a');
});

test('its words name files that it gets, and no secret', () => {
  const words = exporterWords(spec('replica-3'));
  const named = words
    .filter((word) => word.startsWith(EXPORTER_FOLDER))
    .map((word) => word.slice(EXPORTER_FOLDER.length + 1));
  expect(Object.keys(filesOf('replica-3'))).toEqual(expect.arrayContaining(named));
  expect(words.join(' ')).not.toContain('secret');
});

test('the machine writes them from standard input, for nobody else to read, the config last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-exporter-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = exporterFiles(spec('replica-2'), plan, keys);
  // Without it a bash whose input is a socket takes itself for rshd's, and reads the person's start-up file.
  execFileSync('bash', ['--norc', '-c', EXPORTER_LINE.replaceAll(EXPORTER_FOLDER, folder)], {
    input: exporterInput(files),
  });
  expect(files.at(-1)?.name).toBe('config');
  expect(readdirSync(folder).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
  for (const { name, text } of files) {
    expect(readFileSync(join(folder, name), 'utf8').trimEnd()).toBe(text.trimEnd());
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
});
