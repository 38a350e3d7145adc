/** What a played story left: on disk, and on the engine. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, findOurs, sweepRun } from '../../lab/index.ts';
import { readJournal } from '../../reports/index.ts';
import { kitFacts } from '../stage.ts';

const engine = (): Engine => new Engine({ host: kitFacts().host });

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

/** Removes it; names what would not go. */
export const sweep = (run: string): Promise<readonly string[]> => sweepRun(engine(), run, 30_000);
