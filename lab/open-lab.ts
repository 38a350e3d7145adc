/** Builds a lab, in the order in which things depend on each other. Whatever fails is torn down before the error comes out. */
import { join } from 'node:path';
import { node as nodeName, until } from '../harness/index.ts';
import type { Accelerator, Live, NodeName, SiteSpec } from '../harness/index.ts';
import { realClock } from './clock.ts';
import { nodeAddresses } from './cluster/addresses.ts';
import {
  awaitGlusterd,
  formVolume,
  mountEverywhere,
  mustSucceed,
  writeCustomerFiles,
} from './cluster/form.ts';
import type { Do } from './cluster/form.ts';
import { openNodes } from './cluster/keys.ts';
import { MachineRoom } from './cluster/machine-room.ts';
import { takeNetworks } from './cluster/networks.ts';
import { keepPace } from './cluster/pace.ts';
import { isWatched, machinesOf, volumeNames } from './cluster/requests.ts';
import type { Made } from './cluster/requests.ts';
import { ContainerLab } from './container-lab.ts';
import {
  createVolume,
  execLine,
  publishedPort,
  startJanitor,
  startMachine,
  sweepRun,
} from './docker/index.ts';
import type { Engine, Machine, MachineRequest, Owner } from './docker/index.ts';
import { EvidenceStream } from './evidence/stream.ts';
import { teller } from './evidence/tell.ts';
import { keepMonitoring } from './monitoring/index.ts';
import type { OwnFiles } from './monitoring/index.ts';
import type { NetworkPlan } from './network/plan.ts';
import { collectMachineLogs } from './logs.ts';
import { Operator } from './operator/operator.ts';
import type { Product, ProductVolumes } from './product/index.ts';
import { makeKeyPair } from './ssh/index.ts';
import { startGuests } from './vm/guests.ts';

/** What labs are built with; the same for every run of a process. */
export interface LabKit {
  readonly engine: Engine;
  readonly cgroupVersion: 1 | 2;
  readonly images: { readonly node: string; readonly outside: string };
  /** Volume that holds the guests' saved state. */
  readonly guestState: string;
  /** What really runs a guest here. */
  readonly guests: Accelerator;
  /** Healproof itself, for the machine that runs its exporter. */
  readonly product: Product;
  /** The operator's own alert rules or routing in place of ours. */
  readonly ownAlerting?: OwnFiles;
  /** Folder of a run's bundle. */
  readonly bundleOf: (run: string) => string;
}

const SWEEP_MS = 60_000;
const ROLES_MS = 60_000;

/** Opens labs with this kit. `beganEpochMs`: host epoch at the history's time 0. */
export const labOpener =
  (kit: LabKit, beganEpochMs: number) =>
  async (spec: SiteSpec, run: string, journal: Live, signal: AbortSignal): Promise<ContainerLab> => {
    await using building = new AsyncDisposableStack();
    const build = new Build(kit, spec, run, journal, signal, building);
    try {
      const standing = await build.all(beganEpochMs);
      return new ContainerLab(spec, beganEpochMs, standing, building.move());
    } catch (error) {
      if (!signal.aborted) await build.keepLogs();
      throw error;
    }
  };

class Build {
  readonly #kit: LabKit;
  readonly #spec: SiteSpec;
  readonly #owner: Owner;
  readonly #journal: Live;
  readonly #signal: AbortSignal;
  readonly #stack: AsyncDisposableStack;
  readonly #machines = new Map<string, Machine>();
  #lapBegan = performance.now();

  constructor(
    kit: LabKit,
    spec: SiteSpec,
    run: string,
    journal: Live,
    signal: AbortSignal,
    stack: AsyncDisposableStack,
  ) {
    this.#kit = kit;
    this.#spec = spec;
    this.#owner = { run, pid: process.pid };
    this.#journal = journal;
    this.#signal = signal;
    this.#stack = stack;
  }

  async all(beganEpochMs: number) {
    const { engine } = this.#kit;
    const began = performance.now();
    this.#registerSweep();
    const { plan, networks } = await takeNetworks(engine, this.#owner);
    const keys = makeKeyPair();
    const product = this.#exporterVolumes();
    const made: Made = {
      run: this.#owner.run,
      plan,
      networks,
      images: this.#kit.images,
      publicKey: keys.publicKey,
      guests: this.#kit.guests,
      guestState: this.#kit.guestState,
      product,
      monitoring: this.#keepMonitoring(plan, product !== undefined),
    };
    await this.#makeVolumes();
    this.#lap('networks and volumes made');
    const { atOnce, meanwhile } = machinesOf(this.#spec, made);
    await this.#startMachines(atOnce);
    const others = this.#startMachines(meanwhile);
    // Whatever fails first, nothing is torn down while machines are still being started.
    this.#stack.defer(() => others.catch(() => undefined));
    others.catch(() => undefined);
    const { evidence, room } = this.#watchMachines(beganEpochMs);
    await room.open(this.#owner.run);
    this.#lap('nodes started');
    const [giveExporter] = await Promise.all([
      openNodes({ engine, spec: this.#spec, made, nodes: this.#nodes() }, keys),
      awaitGlusterd(this.#spec, this.#do),
    ]);
    await formVolume(this.#spec, this.#do);
    this.#lap('volume started');
    await mountEverywhere(this.#spec, this.#do);
    this.#lap('volume mounted on all nodes');
    await others;
    await this.#ready(evidence, ['workstation']);
    const [manifest, operator] = await Promise.all([
      writeCustomerFiles(this.#spec, this.#do),
      this.#seatOperator(made, keys.privateKey),
      giveExporter?.(this.#machine('monitor'), this.#signal),
    ]);
    for (const backup of await startGuests(this.#spec, plan, this.#do, this.#kit.guests))
      this.#journal.record(backup);
    this.#lap('routers started');
    const slowed = await keepPace(this.#spec, (performance.now() - began) / 1000, this.#do);
    if (slowed !== undefined) this.#journal.record({ kind: 'note', text: slowed });
    if (isWatched(this.#spec)) {
      // From here on nothing that happens escapes the monitoring because it was only starting.
      await this.#ready(evidence, ['monitor', 'offsite']);
      this.#lap('monitoring inside and offsite ready');
    }
    return {
      run: this.#owner.run,
      engine,
      made,
      nodes: new Map(this.#nodes()),
      others: new Map(
        [...this.#machines].filter(([hostname]) => !this.#spec.nodes.includes(nodeName(hostname))),
      ),
      evidence,
      room,
      operator: operator.seat,
      desk: { port: operator.port, privateKey: keys.privateKey },
      manifest,
      logsDir: this.#logsDir(),
      journal: this.#journal,
    };
  }

  /** What they say by themselves, and the room that boots nodes again. */
  #watchMachines(beganEpochMs: number): { readonly evidence: EvidenceStream; readonly room: MachineRoom } {
    const { engine } = this.#kit;
    const tell = teller(this.#journal);
    const evidence = this.#stack.use(new EvidenceStream(engine, this.#machine('recorder')));
    evidence.start(tell, {
      beganEpochMs,
      routerOf: (vmid) => this.#spec.routers.find((router) => router.vmid === vmid)?.name,
    });
    const nodes = this.#nodes().map(([, machine]) => machine);
    const room = this.#stack.use(new MachineRoom(engine, nodes, tell, this.#spec.bootSeconds));
    return { evidence, room };
  }

  async #ready(evidence: EvidenceStream, roles: readonly string[]): Promise<void> {
    const pending = (): string | undefined => roles.find((who) => !evidence.isReady(who));
    const options = { withinMs: ROLES_MS, everyMs: 100, signal: this.#signal };
    const waited = await until(realClock, pending, options);
    if (waited.kind === 'late')
      throw new Error(`${waited.pending} was not ready within ${ROLES_MS / 1000} s; see its console log`);
    this.#stop();
  }

  /** Undefined: this site has no exporter, or this machine can't run it in a lab, which is said. */
  #exporterVolumes(): ProductVolumes | undefined {
    const { product } = this.#kit;
    if (!this.#spec.exporter || !isWatched(this.#spec)) return undefined;
    if (product.kind === 'volumes') return product;
    const text = `the lab runs without healproof exporter and without the rules that miss it: ${product.because}`;
    this.#journal.record({ kind: 'note', text });
    return undefined;
  }

  #keepMonitoring(plan: NetworkPlan, exporter: boolean): Made['monitoring'] {
    const bundle = this.#kit.bundleOf(this.#owner.run);
    const { files, says } = keepMonitoring(this.#kit.ownAlerting, this.#spec, plan, bundle, exporter);
    for (const said of says) this.#journal.record(said);
    return files;
  }

  /** What the machines have to say when the lab did not come to stand: nobody can ask them later. */
  async keepLogs(): Promise<void> {
    const machines = [...this.#machines.values()];
    for (const found of await collectMachineLogs(this.#kit.engine, machines, this.#logsDir()))
      this.#journal.record(found);
  }

  #logsDir(): string {
    return join(this.#kit.bundleOf(this.#owner.run), 'logs');
  }

  /** Registered before anything is made: the teardown finds things by label and needs no memory of them. */
  #registerSweep(): void {
    const { engine } = this.#kit;
    const { run } = this.#owner;
    const janitor = startJanitor(engine.host, run);
    this.#stack.defer(async () => {
      const left = await sweepRun(engine, run, SWEEP_MS).catch((error: unknown) => {
        throw new Error(
          'the engine does not answer; when it does, remove what is left with: healproof prune',
          {
            cause: error,
          },
        );
      });
      if (left.length === 0) janitor.dismiss();
      else throw new Error(`teardown left ${left.join('; ')}; remove it with: healproof prune`);
    });
  }

  async #makeVolumes(): Promise<void> {
    const { evidence, pve, backup, bricks } = volumeNames(this.#owner.run, this.#spec);
    await Promise.all(
      [evidence, pve, backup, ...bricks].map((name) => createVolume(this.#kit.engine, this.#owner, name)),
    );
  }

  async #startMachines(requests: readonly MachineRequest[]): Promise<void> {
    const started = await Promise.allSettled(
      requests.map((request) =>
        startMachine(this.#kit.engine, this.#owner, request, this.#kit.cgroupVersion),
      ),
    );
    for (const result of started) {
      if (result.status === 'rejected') throw result.reason;
      this.#machines.set(result.value.hostname, result.value);
    }
    this.#stop();
  }

  #machine(hostname: string): Machine {
    const machine = this.#machines.get(hostname);
    if (machine === undefined) throw new Error(`bug: there is no machine ${hostname}`);
    return machine;
  }

  #nodes(): readonly (readonly [NodeName, Machine])[] {
    return this.#spec.nodes.map((name) => [name, this.#machine(name)] as const);
  }

  readonly #do: Do = async (node, line, limitMs) => {
    this.#stop();
    const machine = this.#machine(node);
    return mustSucceed(
      node,
      line,
      await execLine(this.#kit.engine, machine, line, { limitMs, signal: this.#signal }),
    );
  };

  #stop(): void {
    if (this.#signal.aborted)
      throw new Error(`interrupted (${String(this.#signal.reason)}) while the lab was being built`);
  }

  async #seatOperator({ plan }: Made, privateKey: string): Promise<{ seat: Operator; port: number }> {
    const port = await publishedPort(this.#kit.engine, this.#machine('workstation'), 22);
    const addresses = nodeAddresses(this.#spec, plan);
    const seat = await Operator.sitDown(
      { host: '127.0.0.1', port, privateKey },
      {
        lan: new Map(addresses.map(({ node, lan }) => [node, lan] as const)),
        ...(this.#spec.oob ? { oob: new Map(addresses.map(({ node, oob }) => [node, oob] as const)) } : {}),
      },
    );
    return { seat: this.#stack.use(seat), port };
  }

  #lap(what: string): void {
    const now = performance.now();
    this.#journal.record({ kind: 'note', text: `${what} (${((now - this.#lapBegan) / 1000).toFixed(1)} s)` });
    this.#lapBegan = now;
    this.#stop();
  }
}
