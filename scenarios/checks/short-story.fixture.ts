/** The shortest story that has every phase: one node without a brick is rebooted. For tests of the bracket and the lab. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyOracle } from '../../harness/index.ts';
import type { Oracle, Procedure, Scenario } from '../../harness/index.ts';
import { Engine, findOurs } from '../../lab/index.ts';
import { readJournal } from '../../reports/index.ts';
import { NODES, site } from '../sites.ts';
import { kitFacts } from '../stage.ts';

const [first, ...rest] = everyOracle();
const ALL: readonly [Oracle, ...Oracle[]] = [first, ...rest];

/** pve3 holds no brick of a volume with two copies: its reboot leaves nothing to heal. */
const REBOOTED = NODES[2];

const reboot = (patienceSeconds: number): Procedure => ({
  name: 'one-reboot',
  says: 'reboots the node without a brick',
  steps: [
    {
      name: `reboot ${REBOOTED}`,
      does: { kind: 'reboot', node: REBOOTED, limitSeconds: patienceSeconds },
      why: 'one fault is enough to have every phase',
    },
  ],
});

export const shortStory = (id: string, patienceSeconds = 40): Scenario => ({
  id,
  title: 'one node is rebooted',
  why: 'Tests of the bracket need a story, not a long one.',
  site: { ...site({ layout: 'replica-2', options: 'defaults' }), bootSeconds: 3 },
  procedure: reboot(patienceSeconds),
  settleSeconds: 30,
  oracles: ALL,
  expect: { verdict: 'holds', broken: [] },
});

export const engine = (): Engine => new Engine({ host: kitFacts().host });

/** A folder for one test's evidence, and what is in it. Gone when the test is over. */
export class Evidence implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'healproof-lab-test-'));

  history() {
    return readJournal(join(this.#bundle(), 'history.ndjson'));
  }

  run(): string {
    return this.#bundle().split('-').at(-1) ?? '';
  }

  #bundle(): string {
    const [bundle, ...others] = readdirSync(this.dir, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    if (bundle === undefined || others.length > 0) throw new Error(`${this.dir} does not hold one bundle`);
    return join(this.dir, bundle.name);
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Names of whatever of a run is still on the engine. */
export const leftOf = async (run: string): Promise<readonly string[]> =>
  (await findOurs(engine(), run)).map(({ kind, name }) => `${kind} ${name}`);
