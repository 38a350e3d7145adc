/** Logs of every machine into the bundle. A machine that can't give its logs is named, never left out silently. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBody } from '../harness/index.ts';
import { execLine, machineOutput } from './docker/index.ts';
import type { Engine, Machine } from './docker/index.ts';

/** What a node has to say, newest last; bounded so that a bundle stays small. */
const SYSTEMD_LOGS = [
  ['journal', 'journalctl --no-pager -o short-iso-precise -n 4000'],
  [
    'glusterfs',
    'for f in /var/log/glusterfs/*.log /var/log/glusterfs/bricks/*.log; do echo "== $f"; tail -n 400 "$f"; done',
  ],
  [
    'qemu',
    'for f in /var/log/qemu-server/*.log /evidence/serial/*."$(hostname)".log; do [ -e "$f" ] && { echo "== $f"; tail -n 500 "$f"; }; done; true',
  ],
] as const;
const LIMIT_MS = 15_000;

async function ofMachine(engine: Engine, machine: Machine, dir: string): Promise<readonly EventBody[]> {
  const events: EventBody[] = [];
  const keep = async (name: string, text: string): Promise<void> => {
    const path = `${machine.hostname}-${name}.log`;
    await writeFile(join(dir, path), text);
    events.push({ kind: 'collected', what: `${name} of ${machine.hostname}`, path: `logs/${path}` });
  };
  await keep('console', await machineOutput(engine, machine));
  if (!machine.hostname.startsWith('pve')) return events;
  for (const [name, line] of SYSTEMD_LOGS) {
    const said = await execLine(engine, machine, line, { limitMs: LIMIT_MS });
    if (said.kind === 'exited') await keep(name, said.stdout);
    else {
      const because = said.kind === 'cut-off' ? said.because : `no answer within ${LIMIT_MS} ms`;
      events.push({ kind: 'note', text: `no ${name} log of ${machine.hostname}: ${because}` });
    }
  }
  return events;
}

export async function collectMachineLogs(
  engine: Engine,
  machines: readonly Machine[],
  dir: string,
): Promise<readonly EventBody[]> {
  await mkdir(dir, { recursive: true });
  const found = await Promise.all(
    machines.map(async (machine): Promise<readonly EventBody[]> => {
      try {
        return await ofMachine(engine, machine, dir);
      } catch (error) {
        return [{ kind: 'note', text: `no logs of ${machine.hostname}: ${String(error)}` }];
      }
    }),
  );
  return found.flat();
}
