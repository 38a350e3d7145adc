/** A lab of three copies without routers, for measurements: nobody writes to it but who measures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Live, until, volumePending } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { kitFrom, labOpener, prepareKit, realClock } from '../../lab/index.ts';
import type { ContainerLab } from '../../lab/index.ts';
import { openJournal } from '../../reports/index.ts';
import { site } from '../../scenarios/index.ts';

const READY_MS = 60_000;

export interface BenchLab extends AsyncDisposable {
  readonly lab: ContainerLab;
  /** For files of the measurement; goes with the lab. */
  readonly folder: string;
}

/** `name`: of the run, a few letters. `brickGuard`: whether a brick that does not come back after a reboot is helped up. */
export async function benchLab(name: string, signal: AbortSignal, brickGuard: boolean): Promise<BenchLab> {
  const facts = await prepareKit({ say: (line) => void process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(join(tmpdir(), `healproof-${name}-`));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const beganMs = Date.now();
    const journal = stack.use(openJournal(join(folder, 'history.ndjson'), { beganMs }));
    const live = new Live(journal);
    const spec = {
      ...site({ layout: 'replica-3', options: 'virt', writeEveryMs: 0 }),
      routers: [],
      brickGuard,
      storageMbit: 0,
    };
    const open = labOpener(
      kitFrom(facts, () => folder),
      beganMs,
    );
    const lab = stack.use(await open(spec, `${name}${process.pid.toString(36)}`, live, signal));
    const pending = () => volumePending(spec, live, Date.now() - beganMs)[0];
    const ready = await until(realClock, pending, { withinMs: READY_MS, everyMs: 200, signal });
    if (ready.kind === 'late') throw new Error(`the lab was not ready: ${ready.pending}`);
    return { lab, folder, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Output of a line that has to work. */
export async function printed(shell: Shell, line: string, limitMs = 20_000): Promise<string> {
  const said = await shell.run(line, { limitMs });
  if (said.kind !== 'exited' || said.exitCode !== 0)
    throw new Error(`${shell.node}: «${line.slice(0, 80)}» ${JSON.stringify(said).slice(0, 300)}`);
  return said.stdout;
}
