/** A lab as a real cluster is met: by SSH, with an ssh_config, a key, known hosts and an inventory. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Live, node, until, volumePending } from '../../harness/index.ts';
import type { Journal, NodeName, SiteSpec } from '../../harness/index.ts';
import { kitFrom, labOpener, realClock } from '../../lab/index.ts';
import type { ContainerLab, KitFacts } from '../../lab/index.ts';

const NODES = [node('pve1'), node('pve2'), node('pve3')];
/** No routers: the operator stands in the data center. */
const SPEC: SiteSpec = {
  nodes: NODES,
  volume: { name: 'vmstore', layout: 'replica-3', options: 'virt', tuning: [], shardMiB: 16 },
  routers: [],
  imageMiB: 64,
  diskErrorPolicy: 'stop',
  accelerator: 'probe',
  guestStart: 'state',
  bootSeconds: 3,
  // It would bring the brick back that a test kills.
  brickGuard: false,
  storageMbit: 0,
  customerFiles: { count: 5, kib: 16 },
  oob: false,
};
const READY_MS = 60_000;

const WAIVED = {
  B3e: 'containers share the kernel of their host',
  F2: 'no routers',
  F3: 'a lab is thrown away',
  F4: 'no management controllers',
  F5: 'nobody is to be paged',
};

export interface Met extends AsyncDisposable {
  readonly lab: ContainerLab;
  readonly folder: string;
  /** `--inventory … --ssh-config …`, every node of it. */
  readonly words: readonly string[];
  readonly key: string;
  /** Runs a line on a node by the harness's own way; it has to work. */
  readonly does: (on: string, line: string) => Promise<string>;
}

const journal = (beganMs: number): Journal => {
  let seq = 0;
  return { record: (body, epochMs = Date.now()) => ({ seq: seq++, atMs: epochMs - beganMs, ...body }) };
};

export async function meetLab(): Promise<Met> {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-met-'));
  const beganMs = Date.now();
  const live = new Live(journal(beganMs));
  const { signal } = new AbortController();
  const kit = kitFrom(JSON.parse(process.env['HEALPROOF_KIT'] ?? 'null') as KitFacts, () => folder);
  const lab = await labOpener(kit, beganMs)(SPEC, `met${process.pid.toString(36)}`, live, signal);
  const end = async (): Promise<void> => {
    await lab[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const pending = () => volumePending(SPEC, live, Date.now() - beganMs)[0];
    const ready = await until(realClock, pending, { withinMs: READY_MS, everyMs: 100, signal });
    if (ready.kind === 'late') throw new Error(`the lab was not ready: ${ready.pending}`);
    await lab.goIn('on-site');
    const ssh = join(folder, 'ssh');
    await lab.writeSshFiles(ssh);
    const inventory = join(folder, 'site.ini');
    writeFileSync(inventory, `[gluster]\n${NODES.join('\n')}\n\n[gluster:vars]\n`);
    for (const [code, why] of Object.entries(WAIVED))
      appendFileSync(inventory, `healproof_waive_${code}="${why}"\n`);
    return {
      lab,
      folder,
      words: ['--inventory', inventory, '--ssh-config', join(ssh, 'config')],
      key: join(ssh, 'key'),
      does: (on, line) => does(lab, node(on), line),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function does(lab: ContainerLab, on: NodeName, line: string): Promise<string> {
  const shell = lab.shells().find((one) => one.node === on);
  const said = await shell?.run(line, { limitMs: 30_000 });
  if (said?.kind !== 'exited' || said.exitCode !== 0)
    throw new Error(`${on}: «${line.slice(0, 80)}» ${JSON.stringify(said).slice(0, 300)}`);
  return said.stdout;
}

/** The same config without its key, for what an agent is to offer. */
export function configWithAgent({ folder }: Met, socket: string): string {
  const text = readFileSync(join(folder, 'ssh/config'), 'utf8');
  const file = join(folder, 'agent-config');
  writeFileSync(
    file,
    text
      .replace(/^ *IdentityFile .*$/m, `  IdentityAgent "${socket}"\n  IdentityFile none`)
      .replace('IdentitiesOnly yes', 'IdentitiesOnly no'),
  );
  return file;
}
