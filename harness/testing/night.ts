/** A night that goes well: three nodes rebooted behind a gate, everybody looking all the time. Tests plant their bugs in it. */
import type { Prober } from '../model/event.ts';
import { node, nodeOfBrick, router } from '../model/names.ts';
import type { NodeName, RouterName } from '../model/names.ts';
import { bricksOf } from '../model/site.ts';
import type { Layout, SiteSpec } from '../model/site.ts';
import { Script } from './drafts.ts';
import type { Drafts } from './drafts.ts';
import { healthySnapshot } from './snapshots.ts';

export interface NightOptions {
  readonly layout?: Layout;
  /** 0: routers that write nothing. */
  readonly writeEveryMs?: number;
  /** Quiet time after the last reboot, for long histories. */
  readonly idleMs?: number;
}

export const NIGHT_EPOCH_MS = 1_790_000_000_000;

/** What happens to one node, in milliseconds after its turn begins. */
const TURN = {
  asked: 0,
  open: 100,
  evacuates: 200,
  reboots: 1600,
  gone: 1900,
  down: 2000,
  boots: 5000,
  up: 6500,
  connected: 7000,
  healed: 9000,
  look: 9600,
  ends: 12_000,
} as const;
const FIRST_TURN = 2500;
const FIRST_WRITE = 400;
/** Restful end after the play: from the begin of `settle` to the end of everything. */
const END = {
  settled: 1000,
  observe: 1100,
  quiet: 1200,
  reading: 1300,
  observed: 2500,
  close: 2600,
  over: 2700,
} as const;

export function siteForTests({ layout = 'replica-3', writeEveryMs = 100 }: NightOptions = {}): SiteSpec {
  const nodes = [node('pve1'), node('pve2'), node('pve3')] as const;
  return {
    nodes,
    volume: {
      name: 'vmstore',
      layout,
      options: layout === 'replica-2' ? 'defaults' : 'virt',
      tuning: [],
      shardMiB: 4,
    },
    routers: [
      { name: router('router-a'), vmid: 101, startsOn: nodes[0], writeEveryMs },
      { name: router('router-b'), vmid: 102, startsOn: nodes[1], writeEveryMs },
    ],
    imageMiB: 12,
    diskErrorPolicy: 'panic',
    accelerator: 'tcg',
    guestStart: 'cold',
    bootSeconds: 3,
    brickGuard: true,
    storageMbit: 160,
    customerFiles: { count: 3, kib: 4 },
    oob: false,
    exporter: false,
  };
}

/** When the phases begin, on the run's clock. */
export const nightEnds = (options: NightOptions = {}) => {
  const settle = FIRST_TURN + 3 * TURN.ends + 500 + (options.idleMs ?? 0);
  return {
    settle,
    observe: settle + END.observe,
    quiet: settle + END.quiet,
    observed: settle + END.observed,
  };
};

/** When the turn of each node begins. */
export const turnOf = (index: number): number => FIRST_TURN + index * TURN.ends;
export const NIGHT_TURN = TURN;

/** How many records a router has acknowledged at a moment. */
export const recordsAt = (spec: SiteSpec, name: RouterName, atMs: number, quietMs: number): number => {
  const every = spec.routers.find((each) => each.name === name)?.writeEveryMs ?? 0;
  const until = Math.min(atMs, quietMs);
  return every === 0 || until < FIRST_WRITE ? 0 : Math.floor((until - FIRST_WRITE) / every) + 1;
};

export function healthyNight(options: NightOptions = {}): Drafts {
  const spec = siteForTests(options);
  const ends = nightEnds(options);
  const night = new Night(spec, ends);
  night.opens();
  spec.nodes.forEach((_, index) => night.reboots(index));
  night.receipts();
  night.streams();
  night.ends();
  return night.script.drafts;
}

class Night {
  readonly script = new Script();
  readonly #spec: SiteSpec;
  readonly #ends: ReturnType<typeof nightEnds>;
  readonly #reboots: { readonly node: NodeName; readonly step: number }[] = [];

  constructor(spec: SiteSpec, ends: ReturnType<typeof nightEnds>) {
    this.#spec = spec;
    this.#ends = ends;
  }

  opens(): void {
    const { script } = this;
    const began = { run: 'r1', scenario: 'healthy', spec: this.#spec, epochMs: NIGHT_EPOCH_MS } as const;
    script.at(0, { kind: 'run-began', ...began, versions: {}, modelled: [] });
    script.at(1, { kind: 'phase', phase: 'open' });
    for (const name of this.#spec.nodes) this.#up(name, 200, 'boot-1');
    for (const name of this.#spec.nodes) this.#connects(name, 210);
    for (const { name, startsOn } of this.#spec.routers) {
      script.at(250, { kind: 'vm', router: name, node: startsOn, state: 'running', detail: '' });
      script.at(300, { kind: 'guest', router: name, says: 'boot', text: `BOOT ${name}` });
      script.at(350, {
        kind: 'guest',
        router: name,
        says: 'recover',
        text: `RECOVER ${name} records=0 last=0 bad=0 torn=0`,
      });
      const held = recordsAt(this.#spec, name, 1000, this.#ends.quiet);
      const file = `/mnt/backup/dump/vzdump-qemu-${this.#vmid(name)}.raw`;
      script.at(1001, { kind: 'backup', router: name, file, holds: held > 0 ? [[1, held]] : [] });
    }
    script.at(1500, { kind: 'phase', phase: 'confirm' });
    script.at(2000, { kind: 'phase', phase: 'disturb' });
  }

  #vmid(name: RouterName): number {
    return this.#spec.routers.find((each) => each.name === name)?.vmid ?? 0;
  }

  #up(name: NodeName, atMs: number, bootId: string): void {
    this.script.at(atMs, { kind: 'node', node: name, state: 'up', bootId: `${name}-${bootId}` });
  }

  /** The node's own client to all bricks, and all clients to the node's brick. */
  #connects(name: NodeName, atMs: number): void {
    for (const { brick } of bricksOf(this.#spec)) {
      this.script.at(atMs, { kind: 'brick', brick, seenBy: name, connected: true });
      for (const other of this.#spec.nodes)
        if (other !== name && nodeOfBrick(brick) === name)
          this.script.at(atMs + 1, { kind: 'brick', brick, seenBy: other, connected: true });
    }
  }

  #step(atMs: number, tookMs: number, name: NodeName, step: string, command: string): number {
    const key = this.script.at(atMs, { kind: 'step-began', step, node: name, command });
    this.script.at(atMs + tookMs, { kind: 'step-ended', of: key, outcome: { kind: 'done', output: '' } });
    return key;
  }

  /** One node's turn, from the gate to the heal after it. */
  reboots(index: number): void {
    const { script } = this;
    const start = turnOf(index);
    const name = this.#spec.nodes[index];
    const next = this.#spec.nodes[(index + 1) % this.#spec.nodes.length];
    if (name === undefined || next === undefined) throw new Error(`this night has no node ${index}`);
    this.#step(start, TURN.open + 20, name, `gate for ${name}`, `ask gate safe for ${name}`);
    script.at(start + TURN.open, { kind: 'gate', gate: 'safe', node: name, decision: { kind: 'open' } });
    this.#step(
      start + TURN.evacuates,
      700,
      name,
      `migrate VMs off ${name}`,
      `qm migrate 101 ${next} --online`,
    );
    this.#step(start + 1000, 500, name, `upgrade ${name}`, 'apt-get -y dist-upgrade');
    const took = TURN.connected - TURN.reboots;
    const step = this.#step(start + TURN.reboots, took, name, `reboot ${name}`, 'reboot');
    this.#reboots.push({ node: name, step });
    for (const { brick } of bricksOf(this.#spec))
      for (const other of this.#spec.nodes)
        if (other !== name && nodeOfBrick(brick) === name)
          script.at(start + TURN.gone, { kind: 'brick', brick, seenBy: other, connected: false });
    script.at(start + TURN.down, { kind: 'node', node: name, state: 'down' });
    script.at(start + TURN.boots, { kind: 'node', node: name, state: 'booting', bootId: `${name}-boot-2` });
    this.#up(name, start + TURN.up, 'boot-2');
    this.#connects(name, start + TURN.connected);
    const held = { kind: 'held', waitingFor: ['heals'] } as const;
    script.at(start + TURN.connected + 500, { kind: 'gate', gate: 'safe', node: next, decision: held });
    this.#look(start + TURN.look, 200, 'midway');
  }

  #look(atMs: number, tookMs: number, label: string): void {
    const records = (name: RouterName) => recordsAt(this.#spec, name, atMs, this.#ends.quiet);
    const snapshot = healthySnapshot(this.#spec, label, atMs, records);
    this.script.at(atMs + tookMs, { kind: 'observed', snapshot });
  }

  receipts(): void {
    for (const { node: name, step } of this.#reboots)
      for (const seenBy of ['the machine room', `${name} itself`])
        this.script.at(this.#ends.settle - 300, {
          kind: 'receipt',
          of: step,
          receipt: { what: `${name} powered off`, seenBy },
        });
  }

  streams(): void {
    const { quiet } = this.#ends;
    for (const { name, writeEveryMs } of this.#spec.routers) {
      const writes = recordsAt(this.#spec, name, quiet, quiet);
      for (let record = 1; record <= writes; record += 1) {
        const at = FIRST_WRITE + (record - 1) * writeEveryMs;
        this.script.at(at, {
          kind: 'write-acknowledged',
          router: name,
          record,
          guestMs: NIGHT_EPOCH_MS + at,
        });
      }
      const master = name === this.#spec.routers[0]?.name;
      for (let at = 450; at <= quiet; at += 500)
        this.script.at(at, {
          kind: 'heartbeat',
          router: name,
          role: master ? 'MASTER' : 'BACKUP',
          disk: 'ok',
          acknowledged: recordsAt(this.#spec, name, at, quiet),
        });
    }
    this.#probes('customer', 'storehouse', 200, () => true);
    this.#probes('offsite', 'storehouse', 500, () => true);
    this.#spec.nodes.forEach((name, index) =>
      this.#probes('operator', name, 500, (at) => !this.#isAway(index, at)),
    );
    this.#backlogs();
  }

  #isAway(index: number, atMs: number): boolean {
    const at = atMs - turnOf(index);
    return at >= TURN.gone && at < TURN.up;
  }

  #probes(by: Prober, target: string, everyMs: number, answers: (atMs: number) => boolean): void {
    for (let at = 500; at <= this.#ends.quiet; at += everyMs) {
      const ok = answers(at);
      const tookMs = ok ? 4 : 1000;
      this.script.at(at, { kind: 'probe', by, target, ok, tookMs, detail: ok ? '200' : 'no answer' }, tookMs);
    }
  }

  #backlogs(): void {
    const bricks = bricksOf(this.#spec);
    for (let at = 600; at <= this.#ends.observed; at += 500)
      bricks.forEach(({ brick }, index) => {
        const healing = bricks.some((_, other) => {
          const since = at - turnOf(other);
          return other !== index && since >= TURN.connected && since < TURN.healed;
        });
        this.script.at(at + index, {
          kind: 'backlog',
          brick,
          counts: this.#isAway(index, at)
            ? { seen: false, because: 'the node does not answer' }
            : {
                seen: true,
                xattrop: healing && this.#writes ? 12 : 0,
                dirty: at < this.#ends.quiet ? 2 : 0,
                entryChanges: 0,
              },
        });
      });
  }

  get #writes(): boolean {
    return this.#spec.routers.some(({ writeEveryMs }) => writeEveryMs > 0);
  }

  ends(): void {
    const { script } = this;
    const { settle } = this.#ends;
    script.at(settle, { kind: 'phase', phase: 'settle' });
    script.at(settle + END.settled, { kind: 'settled', ok: true, pending: [], tookMs: END.settled });
    script.at(settle + END.observe, { kind: 'phase', phase: 'observe' });
    this.#look(settle + END.reading, END.observed - END.reading, 'end');
    script.at(settle + END.close, { kind: 'phase', phase: 'close' });
    script.at(settle + END.over, { kind: 'phase', phase: 'over' });
  }
}
