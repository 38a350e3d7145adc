/** A lab of three copies without routers: nobody writes to it but who measures or asks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Live, until, volumePending } from '../../harness/index.ts';
import type { Shell, SiteSpec } from '../../harness/index.ts';
import { kitFrom, labOpener, prepareKit, realClock } from '../../lab/index.ts';
import type { ContainerLab, KitFacts } from '../../lab/index.ts';
import { openJournal } from '../../reports/index.ts';
import { site } from '../../scenarios/index.ts';

const READY_MS = 60_000;

export interface StillLab extends AsyncDisposable {
  readonly lab: ContainerLab;
  /** For files of whoever uses it; goes with the lab. */
  readonly folder: string;
}

interface Wish {
  /** Of the run, a few letters. */
  readonly name: string;
  readonly facts: KitFacts;
  readonly signal: AbortSignal;
  /** What differs from the site of the stories, beside the routers that are not there. */
  readonly spec: Partial<SiteSpec>;
}

/** Resolves when every brick is there and nothing is pending. */
export async function stillLab({ name, facts, signal, spec: differs }: Wish): Promise<StillLab> {
  const folder = mkdtempSync(join(tmpdir(), `healproof-${name}-`));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const beganMs = Date.now();
    const journal = stack.use(openJournal(join(folder, 'history.ndjson'), { beganMs }));
    const live = new Live(journal);
    const spec: SiteSpec = {
      ...site({ layout: 'replica-3', options: 'virt' }),
      routers: [],
      storageMbit: 0,
      ...differs,
    };
    const open = labOpener(
      kitFrom(facts, () => folder),
      beganMs,
    );
    const lab = stack.use(await open(spec, `${name}${process.pid.toString(36)}`, live, signal));
    const pending = () => volumePending(spec, live, Date.now() - beganMs)[0];
    const ready = await until(realClock, pending, { withinMs: READY_MS, everyMs: 100, signal });
    if (ready.kind === 'late') throw new Error(`the lab was not ready: ${ready.pending}`);
    return { lab, folder, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Such a lab for a measurement. `brickGuard`: whether a brick that does not come back after a reboot is helped up. */
export async function benchLab(name: string, signal: AbortSignal, brickGuard: boolean): Promise<StillLab> {
  const facts = await prepareKit({ say: (line) => void process.stderr.write(`${line}\n`) });
  return stillLab({ name, facts, signal, spec: { brickGuard } });
}

/** Lets it be met as a real cluster is, by SSH from where the operator stands. Answers the folder with `config`, `key` and what else SSH needs. */
export async function metOverSsh({ lab, folder }: StillLab): Promise<string> {
  const ssh = join(folder, 'ssh');
  await lab.goIn('on-site');
  await lab.writeSshFiles(ssh);
  return ssh;
}

/** Output of a line that has to work. */
export async function printed(shell: Shell, line: string, limitMs = 20_000): Promise<string> {
  const said = await shell.run(line, { limitMs });
  if (said.kind !== 'exited' || said.exitCode !== 0)
    throw new Error(`${shell.node}: «${line.slice(0, 80)}» ${JSON.stringify(said).slice(0, 300)}`);
  return said.stdout;
}
