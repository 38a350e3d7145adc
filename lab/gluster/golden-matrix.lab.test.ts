/**
 * Condition by fault in a whole lab, with routers, votes and backups, which the captures do not have. Each fault flips its own conditions
 * and no others, and they open again when it ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  extrasOfGate,
  FULL,
  judgeGate,
  Live,
  node,
  reasonsOf,
  servicePending,
  until,
  volumePending,
  withCanary,
  withStability,
} from '../../harness/index.ts';
import type { GateFacts, Shell, SiteDescription } from '../../harness/index.ts';
import { realClock } from '../clock.ts';
import { kitFrom } from '../kit.ts';
import { HOST } from '../network/plan.ts';
import { labOpener } from '../open-lab.ts';
import { flyCanary } from './canary.ts';
import { gateFacts } from './gate-facts.ts';
import { journal, kitFacts, smallSite } from '../small-lab.fixture.ts';

const SPEC = smallSite();
const READY_MS = 90_000;
const SOAK_MS = 20_000;

/** What a lab can't have. */
const WAIVED = ['B3e', 'E4a', 'F4', 'F5'].map((condition) => ({ condition, why: 'a lab' }));
const gate = withCanary(withStability(FULL, { looks: 3, spanMs: 2000, soakMs: SOAK_MS }));

type Ruling = ReturnType<typeof judgeGate>['rulings'][number];

interface Fault {
  readonly says: string;
  readonly on: string;
  readonly begin: string;
  readonly end: string;
  readonly shut: Readonly<Record<string, string>>;
  /** Whose going down is asked about; default pve3, where no router runs. */
  readonly asked?: string;
  /** It is over at once, and what it leaves behind for so long is the fault: asked about when the volume is whole. */
  readonly soakMs?: number;
}

const DUMP = '/mnt/backup/dump';
const CKSUM = '/var/lib/glusterd/vols/vmstore/cksum';
const GLUSTERD_INFO = '/var/lib/glusterd/glusterd.info';
const BRICK = '/bricks/vmstore/brick';
const MOUNT = '/mnt/pve/vmstore';
const FAULTS: readonly Fault[] = [
  {
    says: 'a router runs on the node',
    on: 'pve1',
    begin: ':',
    end: ':',
    asked: 'pve2',
    shut: { F1: 'refused' },
  },
  {
    says: 'a self-heal daemon is stopped',
    on: 'pve2',
    begin: "kill -STOP $(pgrep -f '[p]rocess-name glustershd')",
    end: "kill -CONT $(pgrep -f '[p]rocess-name glustershd')",
    shut: { C1: 'held' },
  },
  {
    says: 'a package manager runs',
    on: 'pve1',
    begin: 'cp /bin/sleep /var/tmp/dpkg && (setsid /var/tmp/dpkg 600 >/dev/null 2>&1 &)',
    end: 'pkill -x dpkg',
    shut: { E4b: 'held' },
  },
  {
    says: 'a timer upgrades packages',
    on: 'pve1',
    begin: 'systemctl unmask apt-daily-upgrade.timer && systemctl enable --now apt-daily-upgrade.timer',
    end: 'systemctl disable --now apt-daily-upgrade.timer; systemctl mask apt-daily-upgrade.timer',
    shut: { E4c: 'refused' },
  },
  {
    says: 'a log tells of lost quorum',
    on: 'pve1',
    begin: `echo "[$(date -u '+%F %T').000001 +0000] W [MSGID: 108001] [afr-common.c:1:f] 0-vmstore-replicate-0: Client-quorum is not met" >>/var/log/glusterfs/glustershd.log`,
    end: ':',
    soakMs: READY_MS,
    shut: { D7: 'held' },
  },
  {
    says: 'backups are two days old',
    on: 'pve1',
    begin: `touch -d '2 days ago' ${DUMP}/*.raw`,
    end: `touch ${DUMP}/*.raw`,
    shut: { F3: 'held' },
  },
  {
    says: 'a node hears nobody of the hypervisors’ cluster',
    on: 'pve1',
    begin:
      "nft add table inet gate; nft 'add chain inet gate output { type filter hook output priority 0; policy accept; }'; nft 'add rule inet gate output tcp dport 22 drop'",
    end: 'nft delete table inet gate',
    shut: { E3: 'refused' },
  },
  {
    says: 'a node has another record of the volume',
    on: 'pve1',
    begin: `cp -a ${CKSUM} /tmp/cksum; sed -i 's/^info=.*/info=1/' ${CKSUM}`,
    end: `cp -a /tmp/cksum ${CKSUM}`,
    shut: { A1: 'refused' },
  },
  {
    says: 'a node keeps to an older op-version',
    on: 'pve2',
    begin: `cp -a ${GLUSTERD_INFO} /tmp/glusterd.info; sed -i 's/^operating-version=.*/operating-version=90000/' ${GLUSTERD_INFO}`,
    end: `cp -a /tmp/glusterd.info ${GLUSTERD_INFO}`,
    shut: { A4: 'refused' },
  },
  {
    says: 'a rebalance has left a process behind',
    on: 'pve1',
    begin:
      'glusterfs -s localhost --volfile-id vmstore --process-name rebalance --pid-file /run/left-over.pid -l /var/log/glusterfs/left-over.log',
    end: 'kill $(cat /run/left-over.pid); while pgrep -f "process-name [r]ebalance"; do sleep 0.1; done',
    shut: { A5: 'held' },
  },
  {
    says: 'a brick has lost the mark of its volume',
    on: 'pve2',
    begin: `getfattr -h -n trusted.glusterfs.volume-id -e hex --absolute-names ${BRICK} | sed -n 's/^trusted.glusterfs.volume-id=//p' >/tmp/volume-id && setfattr -h -x trusted.glusterfs.volume-id ${BRICK}`,
    end: `setfattr -h -n trusted.glusterfs.volume-id -v "$(cat /tmp/volume-id)" ${BRICK}`,
    shut: { B3a: 'refused' },
  },
  {
    says: 'the clock of a node runs three seconds ahead',
    on: 'pve2',
    begin: 'echo +3s >/etc/faketimerc && ls /usr/lib/*/faketime/libfaketime.so.1 >/etc/ld.so.preload',
    end: 'rm /etc/ld.so.preload /etc/faketimerc',
    shut: { B3c: 'held' },
  },
  {
    says: 'a hypervisor can’t write through its mount',
    on: 'pve1',
    begin: `mount --bind ${MOUNT} ${MOUNT} && mount -o remount,bind,ro ${MOUNT}`,
    end: `umount ${MOUNT}`,
    shut: { C4: 'unknown' },
  },
  {
    says: 'a brick has just been started again',
    on: 'pve2',
    begin: 'kill $(pgrep -x glusterfsd); sleep 1; gluster --mode=script volume start vmstore force',
    end: ':',
    soakMs: READY_MS,
    shut: { B3d: 'held' },
  },
  {
    says: 'both routers run on one node',
    on: 'pve2',
    begin: 'qm migrate 102 pve1 --online',
    end: 'true',
    shut: { F2: 'refused' },
  },
];

test('each fault flips its own conditions and no others', { timeout: 1_200_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'healproof-gate-test-'));
  const beganMs = Date.now();
  const live = new Live(journal(beganMs));
  const { signal } = new AbortController();
  try {
    const kit = kitFrom(kitFacts(), () => dir);
    await using lab = await labOpener(kit, beganMs)(SPEC, `gate${process.pid.toString(36)}`, live, signal);
    const pending = () => {
      const now = Date.now() - beganMs;
      return [...volumePending(SPEC, live, now), ...servicePending(SPEC, live, now)].find(
        // Nobody's monitoring is what is judged here.
        (one) => !one.includes('offsite'),
      );
    };
    const whole = () => until(realClock, pending, { withinMs: READY_MS, everyMs: 200, signal });
    expect(await whole()).toMatchObject({ kind: 'met' });
    const shells = lab.shells();
    const site: SiteDescription = {
      routers: {
        guests: SPEC.routers.map(({ name, vmid }) => ({ name, vmid })),
        addresses: [lab.standing.made.plan.ip('lan', HOST.gateway)],
      },
      backups: { folders: [DUMP], vmids: [101, 102], withinHours: 24 },
    };
    await type(
      shells,
      'pve1',
      `mkdir -p ${DUMP} && for v in 101 102; do echo x >${DUMP}/vzdump-qemu-$v.raw; done`,
    );
    await opens(shells, site, 'pve3');
    for (const fault of FAULTS) {
      await type(shells, fault.on, fault.begin);
      const ready = fault.soakMs === undefined ? { kind: 'met' } : await whole();
      expect(ready).toMatchObject({ kind: 'met' });
      await shuts(shells, site, fault);
      await type(shells, fault.on, fault.end);
      if (fault !== FAULTS.at(-1)) await opens(shells, site, 'pve3');
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

async function type(shells: readonly Shell[], on: string, line: string): Promise<void> {
  const shell = shells.find((one) => one.node === on);
  const outcome = await shell?.run(line, { limitMs: 60_000 });
  expect({ on, line, outcome }).toMatchObject({ outcome: { kind: 'exited', exitCode: 0 } });
}

/** Exactly those that must be; asked again, since on a busy machine all looks may meet a router in mid write. */
async function shuts(shells: readonly Shell[], site: SiteDescription, fault: Fault): Promise<void> {
  const { signal } = new AbortController();
  const wanted = Object.entries(fault.shut).map(([code, kind]) => `${code} ${kind}`);
  const other = async (): Promise<string | undefined> => {
    const found = await shutFor(shells, site, fault.asked ?? 'pve3', fault.soakMs);
    const kinds = found.map(({ code, decision }) => `${code} ${decision.kind}`);
    return kinds.toSorted().join() === wanted.toSorted().join() ? undefined : told(found);
  };
  const waited = await until(realClock, other, { withinMs: 30_000, everyMs: 500, signal });
  if (waited.kind === 'late')
    throw new Error(`${fault.says}: must be shut ${wanted.join(', ')}, and is ${waited.pending}`);
}

const told = (shut: readonly Ruling[]): string =>
  shut
    .map(({ code, decision }) => `${code} ${decision.kind} (${reasonsOf(decision).join('; ')})`)
    .join(', ') || 'none';

/** What is not open, over three looks, as every gate has: two may both meet a writer in mid write. */
async function shutFor(
  shells: readonly Shell[],
  site: SiteDescription,
  asked: string,
  soakMs = SOAK_MS,
): Promise<readonly Ruling[]> {
  const looks: GateFacts[] = [];
  for (const _ of [1, 2, 3]) {
    // Looks one after the other: the gate wants them a second apart, which each takes by itself, or is held for.
    looks.push(await look(shells, site));
  }
  const last = looks.at(-1)?.atMs ?? 0;
  const spread = looks.map((facts, index) => ({ ...facts, atMs: last - (looks.length - 1 - index) * 1000 }));
  const { rulings } = judgeGate(
    withStability(gate, { soakMs }),
    { node: node(asked), waivers: WAIVED, site },
    spread,
  );
  return rulings.filter((one) => one.waived === undefined && one.decision.kind !== 'open');
}

async function look(shells: readonly Shell[], site: SiteDescription): Promise<GateFacts> {
  const { signal } = new AbortController();
  const canary = await flyCanary(shells, MOUNT, signal);
  return gateFacts(shells, 'vmstore', 'full', {
    extras: extrasOfGate(gate),
    folders: site.backups?.folders ?? [],
    sharedAddresses: site.routers?.addresses ?? [],
    surroundings: { canary },
  });
}

async function opens(shells: readonly Shell[], site: SiteDescription, asked: string): Promise<void> {
  const { signal } = new AbortController();
  const shut = async (): Promise<string | undefined> => {
    const found = await shutFor(shells, site, asked);
    return found.length === 0 ? undefined : told(found);
  };
  const waited = await until(realClock, shut, { withinMs: 120_000, everyMs: 500, signal });
  if (waited.kind === 'late') throw new Error(`the gate for ${asked} does not open: ${waited.pending}`);
}
