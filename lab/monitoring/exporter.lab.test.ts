/** The real exporter in a real lab: what it may, whom it believes, and who hears of it when it falls silent. One lab for all. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { Live, node, until } from '../../harness/index.ts';
import type { Event } from '../../harness/index.ts';
import { realClock } from '../clock.ts';
import type { ContainerLab } from '../container-lab.ts';
import { execLine } from '../docker/index.ts';
import { kitFrom } from '../kit.ts';
import { HOST } from '../network/plan.ts';
import { INVENTORY } from '../operator/ssh-files.ts';
import { NODE_AT, PRODUCT_AT } from '../product/index.ts';
import { labOpener } from '../open-lab.ts';
import { EXPORTER_FOLDER, EXPORTER_PAGE } from './exporter.ts';
import { kitFacts, smallSite, twoRouters } from '../small-lab.fixture.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const SPEC = smallSite({ routers: twoRouters(500), storageMbit: 1000, exporter: true });

/** Of the gate's JSON, what is asked for here. */
const ANSWER = z.object({ conditions: z.array(z.object({ code: z.string(), decision: z.string() })) });

const signal = new AbortController().signal;
const dir = mkdtempSync(join(tmpdir(), 'healproof-exporter-lab-'));
const events: Event[] = [];
let lab: ContainerLab;

beforeAll(async () => {
  const began = Date.now();
  const live = new Live({
    record: (body, epochMs = Date.now()) => {
      const event = { seq: events.length, atMs: epochMs - began, ...body } as Event;
      events.push(event);
      return event;
    },
  });
  const open = labOpener(
    kitFrom(kitFacts(), () => dir),
    began,
  );
  lab = await open(SPEC, `exporter${process.pid.toString(36)}`, live, signal);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** What a line on a machine prints, and its exit code. */
async function ran(on: string, line: string, input?: string): Promise<{ code: number; text: string }> {
  const { engine, nodes, others } = lab.standing;
  const machine = others.get(on) ?? nodes.get(node(on));
  if (machine === undefined) throw new Error(`bug: a lab without ${on}`);
  const given = input === undefined ? {} : { input };
  const outcome = await execLine(engine, machine, line, { limitMs: 60_000, ...given });
  return outcome.kind === 'exited'
    ? { code: outcome.exitCode, text: `${outcome.stdout}${outcome.stderr}`.trim() }
    : { code: -1, text: JSON.stringify(outcome) };
}

async function within(seconds: number, pending: () => string | undefined | Promise<string | undefined>) {
  const waited = await until(realClock, pending, { withinMs: seconds * 1000, everyMs: 500, signal });
  if (waited.kind === 'late') throw new Error(`not within ${seconds} s: ${waited.pending}`);
}

const asked = async (query: string): Promise<string> =>
  (await ran('monitor', `curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=${query}'`))
    .text;
const lan = (name: string): string =>
  lab.standing.made.plan.ip('lan', HOST.firstNode + SPEC.nodes.indexOf(node(name)));

test('when the lab is ready Prometheus has its metrics; a quiet volume opens its gate for every node', async () => {
  expect(await asked('healproof_heal_info_complete')).toContain('"1"]');
  expect(await asked('up{job="healproof"}')).toContain('"1"]');
  await within(40, async () => {
    const open = await asked('sum(healproof_gate_open) == 3');
    if (open.includes('"3"]')) return undefined;
    return (await ran('monitor', `curl -s ${EXPORTER_PAGE}/metrics | grep 'condition_open.* 0$'`)).text;
  });
});

const SSH = `ssh -n -F none -o BatchMode=yes -o ConnectTimeout=3 -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR`;

test('its key opens a node from where it runs, for commands alone, and from nowhere else', async () => {
  const key = `${EXPORTER_FOLDER}/key`;
  const way = `root@${lan('pve1')}`;
  expect(await ran('monitor', `${SSH} -i ${key} ${way} hostname`)).toEqual({ code: 0, text: 'pve1' });
  const forwarded = await ran(
    'monitor',
    `timeout 5 ${SSH.replace('ERROR', 'VERBOSE')} -i ${key} -W ${lan('pve2')}:22 ${way}`,
  );
  expect(forwarded.text).toMatch(/prohibited/);
  const stolen = (await ran('monitor', `cat ${key}`)).text;
  const elsewhere = await ran(
    'pve2',
    `umask 077; cat >/tmp/stolen; ${SSH} -i /tmp/stolen ${way} hostname; code=$?; rm /tmp/stolen; exit $code`,
    `${stolen}\n`,
  );
  expect([elsewhere.code, elsewhere.text]).toEqual([255, expect.stringContaining('Permission denied')]);
});

test('what it is made of can’t be written, and its key is in no file of the bundle', async () => {
  expect((await ran('monitor', 'touch /opt/healproof/product/package.json')).text).toMatch(/Read-only/);
  await lab.collectLogs();
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(files.length).toBeGreaterThan(5);
  const telling = files.filter(({ parentPath, name }) =>
    readFileSync(join(parentPath, name), 'utf8').includes('PRIVATE KEY'),
  );
  expect(telling.map(({ name }) => name)).toEqual([]);
});

test('it hangs: two mails say so, and nobody is paged', async () => {
  const from = events.length;
  await lab.inject('site-exporter-stuck', node('pve1'), signal);
  expect(events.slice(from).map(({ kind }) => kind)).toContain('receipt');
  const mailed = (): readonly string[] =>
    events.slice(from).flatMap((one) => (one.kind === 'alert' && one.channel === 'mail' ? [one.name] : []));
  await within(45, () => ['ExporterGone', 'ExporterSilent'].find((wanted) => !mailed().includes(wanted)));
  expect(events.slice(from).filter(({ kind }) => kind === 'page')).toEqual([]);
  await lab.endFault('site-exporter-stuck', signal);
  await within(20, async () =>
    (await asked('up{job="healproof"}')).includes('"1"]') ? undefined : 'its page to answer again',
  );
});

describe('the gate, asked from inside: what only the site itself can show', () => {
  const BOARD = 8443;
  const INVENTORY_THERE = '/tmp/whole.ini';
  beforeAll(async () => {
    const said = [
      `healproof_out_of_band="board@${lan('pve3')}:${BOARD}"`,
      'healproof_alertmanager="http://127.0.0.1:9093"',
    ];
    const line = `grep -v -e waive_F4 -e waive_F5 ${EXPORTER_FOLDER}/${INVENTORY} >${INVENTORY_THERE} && cat >>${INVENTORY_THERE}`;
    const { code, text } = await ran('monitor', line, `${said.join('\n')}\n`);
    if (code !== 0) throw new Error(text);
  });

  /** Codes of what keeps it shut, of these. */
  async function shut(...codes: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { text } = await ran(
      'monitor',
      `${NODE_AT}/node ${PRODUCT_AT}/cli/main.ts gate --inventory ${INVENTORY_THERE} --ssh-config ${EXPORTER_FOLDER}/config --volume vmstore --node pve3 --only ${codes.join(',')} --json`,
    );
    const { conditions } = ANSWER.parse(JSON.parse(text));
    return Object.fromEntries(
      conditions.flatMap(({ code, decision }) => (decision === 'open' ? [] : [[code, decision]])),
    );
  }
  /** What it comes to be within a minute: as wanted, or the last answer. */
  async function comes(codes: readonly string[], wanted: Readonly<Record<string, string>>) {
    let found = {};
    const pending = async (): Promise<string | undefined> => {
      found = await shut(...codes);
      return isDeepStrictEqual(found, wanted) ? undefined : 'what is wanted';
    };
    await until(realClock, pending, { withinMs: 60_000, everyMs: 500, signal });
    return found;
  }

  test('a management board that no longer answers shuts F4', async () => {
    expect(await shut('F4')).toEqual({ F4: 'held' });
    const board = `python3 -m http.server ${BOARD}`;
    await ran('pve3', `(setsid ${board} >/dev/null 2>&1 &)`);
    expect(await comes(['F4', 'F5'], {})).toEqual({});
    await ran('pve3', `pkill -f '[h]ttp.server ${BOARD}'`);
    expect(await comes(['F4', 'F5'], { F4: 'held' })).toEqual({ F4: 'held' });
  });

  test.each([
    ['silence-left-on', 'held'],
    ['alertmanager-down', 'unknown'],
  ] as const)('%s shuts F5 until it is over', async (fault, kind) => {
    expect(await comes(['F5'], {})).toEqual({});
    await lab.inject(fault, node('pve1'), signal);
    const meanwhile = await comes(['F5'], { F5: kind });
    await lab.endFault(fault, signal);
    expect(meanwhile).toEqual({ F5: kind });
    expect(await comes(['F5'], {})).toEqual({});
  });
});

test('a node that shows another host key is not believed', async () => {
  const { code } = await ran(
    'pve2',
    "rm /etc/ssh/ssh_host_ed25519_key && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key && systemctl restart ssh && { pkill -f '^sshd: root' || true; }",
  );
  expect(code).toBe(0);
  // Longer than two looks: one alone may have been cut off when sshd started again.
  const unbelieved = 'max_over_time(healproof_node_answered[13s]) == 0';
  await within(60, async () => {
    const nobody = await asked(unbelieved);
    return nobody.includes('"node":"pve2"') ? undefined : nobody;
  });
  expect(await asked('healproof_node_answered{node!="pve2"} == 0')).toContain('"result":[]');
});
