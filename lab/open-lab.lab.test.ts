/** Two labs at once, and a stranger's network where the next lab would go. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Live, servicePending, until, volumePending } from '../harness/index.ts';
import { realClock } from './clock.ts';
import { overlap } from './cluster/networks.ts';
import { Engine, findOurs, subnetsInUse } from './docker/index.ts';
import { kitFrom } from './kit.ts';
import { planNetworks, SLOTS } from './network/plan.ts';
import { labOpener } from './open-lab.ts';
import { journal, kitFacts, smallSite } from './small-lab.fixture.ts';

const READY_MS = 90_000;
const SPEC = smallSite({
  volume: { name: 'vmstore', layout: 'replica-2-arbiter', options: 'virt', tuning: [], shardMiB: 16 },
});

/** Opens a lab, waits until all is well in it, and answers its subnets; the lab is down when `after` has run. */
async function withLab(run: string, dir: string, after: () => Promise<void>): Promise<readonly string[]> {
  const beganMs = Date.now();
  const live = new Live(journal(beganMs));
  const { signal } = new AbortController();
  const kit = kitFrom(kitFacts(), () => dir);
  await using lab = await labOpener(kit, beganMs)(SPEC, run, live, signal);
  const pending = () => {
    const now = Date.now() - beganMs;
    return [...volumePending(SPEC, live, now), ...servicePending(SPEC, live, now)][0];
  };
  const ready = await until(realClock, pending, { withinMs: READY_MS, everyMs: 100, signal });
  // the whole of it, so that a failure says what was still waited for
  expect(ready).toEqual({ kind: 'met', tookMs: ready.tookMs });
  await after();
  return Object.values(lab.standing.made.plan.cidr);
}

/** A network that carries no label of ours, in the first place that is free. */
async function strangersNetwork(engine: Engine) {
  const used = await subnetsInUse(engine);
  const free = Array.from({ length: SLOTS }, (_, slot) => planNetworks(slot)).find(
    ({ cidr }) => !Object.values(cidr).some((one) => used.some((other) => overlap(one, other))),
  );
  if (free === undefined) throw new Error('there is no free place for a lab; see: healproof prune');
  const network = await engine.api.createNetwork({
    Name: `stranger-${process.pid}`,
    IPAM: { Driver: 'default', Config: [{ Subnet: free.cidr.lan }] },
  });
  return {
    cidr: free.cidr.lan,
    isThere: async () => (await network.inspect()) !== undefined,
    [Symbol.asyncDispose]: async () => void (await network.remove()),
  };
}

test('two labs get on with each other and with somebody else’s network', { timeout: 240_000 }, async () => {
  const engine = new Engine({ host: kitFacts().host });
  await using stranger = await strangersNetwork(engine);
  const dir = mkdtempSync(join(tmpdir(), 'healproof-lab-test-'));
  try {
    const runs = ['one', 'two'].map((name) => `${name}${process.pid.toString(36)}`);
    let ready = 0;
    let bothReady = (): void => undefined;
    const both = new Promise<void>((resolve) => (bothReady = resolve));
    const arrive = async (): Promise<void> => {
      ready += 1;
      if (ready === runs.length) bothReady();
      await both;
    };
    const subnets = await Promise.all(runs.map((run) => withLab(run, dir, arrive)));
    const all = [...subnets.flat(), stranger.cidr];
    const clashes = all.flatMap((one, at) => all.slice(at + 1).filter((other) => overlap(one, other)));
    expect(clashes).toEqual([]);
    expect((await Promise.all(runs.map((run) => findOurs(engine, run)))).flat()).toEqual([]);
    expect(await stranger.isThere()).toBe(true);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
