/** What inspect says of a real volume: looked at over the nodes' shells, and collected by the very lines that an operator pastes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeVolume, Live, node, until, volumePending } from '../../harness/index.ts';
import type { NodeName, Shell } from '../../harness/index.ts';
import { realClock } from '../clock.ts';
import { collectedFolder, collectLines, inspectCollected } from '../collected/index.ts';
import { kitFrom } from '../kit.ts';
import { labOpener } from '../open-lab.ts';
import { lookAtBricks } from './look-at-bricks.ts';
import { journal, kitFacts, NODES, smallSite } from '../small-lab.fixture.ts';

/** Without routers nobody writes, so one look is enough. */
const SPEC = smallSite({
  routers: [],
  // It would bring the brick back that is killed here.
  brickGuard: false,
});
const VOLUME = SPEC.volume.name;
const READY_MS = 60_000;
const ACCUSED_MS = 20_000;

/** Output of a line that has to work. */
async function does(shell: Shell, line: string): Promise<string> {
  const outcome = await shell.run(line, { limitMs: 60_000 });
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0)
    throw new Error(`${shell.node}: ${line.slice(0, 80)}: ${JSON.stringify(outcome)}`);
  return outcome.stdout;
}

/** Waits on the node itself. */
const within = (seconds: number, condition: string): string =>
  `timeout ${seconds} sh -c 'until ${condition}; do sleep 0.1; done'`;

/** Pastes the lines on every node and brings the folders here. */
async function collected(shells: readonly Shell[], into: string) {
  mkdirSync(into);
  return Promise.all(
    shells.map(async (shell) => {
      const said = await does(shell, collectLines(VOLUME));
      const folder = collectedFolder(shell.node, VOLUME, '1');
      expect(said).toBe(`${folder}.tar.gz is ${shell.node}:/bricks/${VOLUME}/brick\n`);
      const archive = join(into, `${shell.node}.tar.gz`);
      writeFileSync(archive, Buffer.from(await does(shell, `base64 '${folder}.tar.gz'`), 'base64'));
      execFileSync('tar', ['-C', into, '-xzf', archive]);
      return { name: shell.node, where: join(into, folder.slice(folder.lastIndexOf('/') + 1)) };
    }),
  );
}

const OPTIONS = { hash: true, healInfo: true };

/** A difference that was made just now could be a writer's; two looks tell. */
async function look(shells: readonly Shell[], looks: 1 | 2 = 1) {
  const earlier = looks === 2 ? { earlier: (await lookAtBricks(shells, VOLUME, OPTIONS)).bricks } : {};
  const seen = await lookAtBricks(shells, VOLUME, OPTIONS);
  const healInfo = seen.cli?.seen === true ? { healInfo: seen.cli.healInfo } : {};
  return judgeVolume({
    volume: VOLUME,
    sets: seen.sets,
    readAtMs: (brick) => seen.readAtMs.get(brick),
    ...earlier,
    ...healInfo,
  });
}

test(
  'a healthy volume is clean; a flipped byte, a stale brick and one that is not reached are not',
  { timeout: 240_000 },
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'healproof-lab-test-'));
    try {
      const beganMs = Date.now();
      const live = new Live(journal(beganMs));
      const { signal } = new AbortController();
      const kit = kitFrom(kitFacts(), () => dir);
      await using lab = await labOpener(kit, beganMs)(SPEC, `look${process.pid.toString(36)}`, live, signal);
      const pending = () => volumePending(SPEC, live, Date.now() - beganMs)[0];
      const ready = await until(realClock, pending, { withinMs: READY_MS, everyMs: 100, signal });
      expect(ready).toMatchObject({ kind: 'met' });
      const shells = lab.shells();
      const on = (name: NodeName): Shell => shells.find((one) => one.node === name) ?? shells[0] ?? never();

      expect(await look(shells)).toMatchObject({ worst: 'clean', disagreements: [] });
      const folders = await collected(shells, join(dir, 'healthy'));
      const volumeInfo = join(folders[0]?.where ?? '', 'volume-info.txt');
      expect(inspectCollected({ bricks: folders, volumeInfo }, () => undefined).worst).toBe('clean');

      // Under the brick, so that no attribute tells.
      const file = `/bricks/${VOLUME}/brick/customers/file-1.bin`;
      await does(on(node('pve2')), `printf x | dd of=${file} bs=1 seek=7 conv=notrunc status=none`);
      const flipped = await look(shells, 2);
      expect(flipped.worst).toBe('silent-divergence');
      const verdict = flipped.files.find((one) => one.verdict.path === '/customers/file-1.bin')?.verdict;
      expect(verdict).toMatchObject({ state: 'silent-divergence', kinds: ['data'], blame: [] });

      await does(on(node('pve3')), `pkill -KILL -x glusterfsd; ${within(5, '! pgrep -x glusterfsd')}`);
      await does(on(node('pve1')), `echo new >> /mnt/pve/${VOLUME}/customers/welcome.html`);
      const welcomeIn = ({ files }: Awaited<ReturnType<typeof look>>) =>
        files.find((one) => one.verdict.path === '/customers/welcome.html')?.verdict;
      // The accusation is written when the writer's lock is let go, a second or two later.
      const deadline = Date.now() + ACCUSED_MS;
      let stale = await look(shells);
      while (welcomeIn(stale)?.state === 'undecidable' && Date.now() < deadline) stale = await look(shells);
      expect(welcomeIn(stale)).toMatchObject({
        state: 'healing',
        sources: NODES.slice(0, 2).map((name) => `${name}:/bricks/${VOLUME}/brick`),
        sinks: [`pve3:/bricks/${VOLUME}/brick`],
      });
      // Its files were read, so that the CLI's word about a brick that is down is a disagreement.
      expect(stale.disagreements.map((one) => one.about)).toContain(`pve3:/bricks/${VOLUME}/brick`);

      const away: Shell = {
        node: node('pve3'),
        run: () => Promise.resolve({ kind: 'cut-off', because: 'no route to host' }),
      };
      const blind = await look([...shells.filter((one) => one.node !== node('pve3')), away]);
      expect(blind.states).toMatchObject({ clean: 0, healing: 0 });
      expect(blind.order[0]).toContain(`Bring back pve3:/bricks/${VOLUME}/brick`);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);

function never(): never {
  throw new Error('the lab has no shells');
}
