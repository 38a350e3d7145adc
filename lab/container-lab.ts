/** A site built out of containers: implements the harness's Lab by composing the folders of this room. */
import type {
  Action,
  FaultName,
  Lab,
  Live,
  NodeName,
  Shell,
  SiteSpec,
  StepOutcome,
  VolumeSnapshot,
  WayIn,
} from '../harness/index.ts';
import type { MachineRoom } from './cluster/machine-room.ts';
import { realClock } from './clock.ts';
import { nodeAddresses } from './cluster/addresses.ts';
import { mustSucceed } from './cluster/form.ts';
import { limitLink } from './cluster/pace.ts';
import type { Made } from './cluster/requests.ts';
import { connectNetwork, execLine } from './docker/index.ts';
import type { Engine, Machine } from './docker/index.ts';
import type { EvidenceStream } from './evidence/stream.ts';
import { Injector, WATCHERS } from './faults/index.ts';
import { observeVolume } from './gluster/index.ts';
import { collectMachineLogs } from './logs.ts';
import { HOST } from './network/plan.ts';
import type { Operator } from './operator/operator.ts';
import { writeSshFiles } from './operator/ssh-files.ts';
import { currentImages, quiesceGuests } from './vm/guests.ts';

/** What a lab consists of once it stands. */
export interface Standing {
  readonly run: string;
  readonly engine: Engine;
  readonly made: Made;
  readonly nodes: ReadonlyMap<NodeName, Machine>;
  readonly others: ReadonlyMap<string, Machine>;
  readonly evidence: EvidenceStream;
  readonly room: MachineRoom;
  readonly operator: Operator;
  /** How the operator's workstation is reached from this host. */
  readonly desk: { readonly port: number; readonly privateKey: string };
  /** Checksums of the customers' files, by name. */
  readonly manifest: Readonly<Record<string, string>>;
  readonly logsDir: string;
  readonly journal: Live;
}

const READ_MS = 10_000;
const OBSERVE_MS = 60_000;
const FLUSH_MS = 5000;

export class ContainerLab implements Lab {
  readonly spec: SiteSpec;
  readonly beganEpochMs: number;
  readonly standing: Standing;
  readonly #teardown: AsyncDisposableStack;
  readonly #faults: Injector;

  constructor(spec: SiteSpec, beganEpochMs: number, standing: Standing, teardown: AsyncDisposableStack) {
    this.spec = spec;
    this.beganEpochMs = beganEpochMs;
    this.standing = standing;
    this.#teardown = teardown;
    this.#faults = new Injector({
      spec,
      plan: standing.made.plan,
      shells: () => [...this.shells(), ...this.#watchers()],
      journal: standing.journal,
      clock: realClock,
    });
  }

  /** The harness's own way into the nodes, by the engine. */
  shells(): readonly Shell[] {
    return [...this.standing.nodes].map(([node, machine]) => this.#shellOf(node, machine));
  }

  /** The same way into the machines that watch: faults hit them, too. */
  #watchers(): readonly Shell[] {
    return Object.values(WATCHERS).flatMap((name) => {
      const machine = this.standing.others.get(name);
      return machine === undefined ? [] : [this.#shellOf(name, machine)];
    });
  }

  #shellOf(node: NodeName, machine: Machine): Shell {
    return { node, run: (line, options) => execLine(this.standing.engine, machine, line, options) };
  }

  /** The operator's way into the nodes: SSH from the workstation, through a router. */
  operatorShells(): readonly Shell[] {
    return this.spec.nodes.map((node) => ({
      node,
      run: (line, { limitMs, signal }) =>
        this.standing.operator.type(node, line, limitMs, signal ?? new AbortController().signal),
    }));
  }

  /** The same way as files for ssh, for whoever wants to come in as the operator does. */
  async writeSshFiles(folder: string): Promise<void> {
    const { engine, desk, made, others } = this.standing;
    const workstation = others.get('workstation');
    if (workstation === undefined) throw new Error('bug: a lab without a workstation');
    const hostKey = async (machine: Machine, file: string): Promise<string> =>
      mustSucceed(
        machine.hostname,
        'read the host key',
        await execLine(engine, machine, `cut -d' ' -f1,2 ${file}`, { limitMs: READ_MS }),
      );
    const nodes = nodeAddresses(this.spec, made.plan).map(async ({ node: name, lan }) => {
      const machine = this.standing.nodes.get(name);
      if (machine === undefined) throw new Error(`bug: a lab without ${name}`);
      return { node: name, lan, hostKey: await hostKey(machine, '/etc/ssh/ssh_host_ed25519_key.pub') };
    });
    writeSshFiles(folder, {
      desk: {
        host: '127.0.0.1',
        port: desk.port,
        hostKey: await hostKey(workstation, '/run/healproof/host_key.pub'),
      },
      nodes: await Promise.all(nodes),
      privateKey: desk.privateKey,
      site: { routers: this.spec.routers, gateway: made.plan.ip('lan', HOST.gateway) },
    });
  }

  /** Those that the routers share: whoever is master answers for them. */
  sharedAddresses(): readonly string[] {
    const { plan } = this.standing.made;
    return [plan.ip('lan', HOST.gateway)];
  }

  operate(action: Action, _began: number, signal: AbortSignal): Promise<StepOutcome> {
    return this.standing.operator.operate(action, signal);
  }

  async goIn(way: WayIn): Promise<void> {
    this.standing.operator.goBy(way === 'oob' ? 'oob' : 'lan');
    if (way === 'on-site') await this.#plugInOnSite();
    const says: Readonly<Record<WayIn, string>> = {
      routers: 'the operator goes in through the routers',
      oob: 'the operator goes in over the backup connection',
      'on-site': 'the operator has plugged the workstation into the lan',
    };
    this.standing.journal.record({ kind: 'note', text: says[way] });
  }

  /** As an operator does who stands in the data center. */
  async #plugInOnSite(): Promise<void> {
    const { engine, made, others } = this.standing;
    const workstation = others.get('workstation');
    if (workstation === undefined) throw new Error('bug: a lab without a workstation');
    await connectNetwork(engine, made.networks.lan, workstation.id, made.plan.ip('lan', HOST.workstation));
  }

  /** A node that will not come back from its next shutdown. */
  breakPowerOf(node: NodeName): void {
    this.standing.room.breakNode(node);
  }

  inject(fault: FaultName, on: NodeName, signal: AbortSignal): Promise<StepOutcome> {
    return this.#faults.inject(fault, on, signal);
  }

  endFault(fault: FaultName, signal: AbortSignal): Promise<StepOutcome> {
    return this.#faults.end(fault, signal);
  }

  async endFaults(): Promise<void> {
    await this.#faults.endAll();
    // Heals go on as the machine can; the last look reads every image whole, from every brick and through every mount.
    await Promise.all(this.shells().map((shell) => shell.run(limitLink(0), { limitMs: 5000 })));
  }

  async quiesce(): Promise<void> {
    await quiesceGuests(this.spec, this.shells());
    // The last look is taken all the same; but who does not know all that was acknowledged can't say that nothing is lost.
    if (!(await this.standing.evidence.flush(FLUSH_MS)))
      this.standing.journal.record({
        kind: 'aborted',
        because: `the evidence did not drain within ${FLUSH_MS} ms: what came later is not in the history`,
      });
  }

  async observe(label: string): Promise<VolumeSnapshot> {
    await this.standing.evidence.flush(FLUSH_MS);
    return observeVolume(this.shells(), {
      volume: this.spec.volume.name,
      label,
      hash: true,
      viaMounts: label === 'end',
      limitMs: OBSERVE_MS,
      images: await currentImages(this.spec, this.shells()),
      customerManifest: this.standing.manifest,
    });
  }

  async collectLogs(): Promise<void> {
    const { engine, nodes, others, logsDir, journal } = this.standing;
    for (const found of await collectMachineLogs(engine, [...nodes.values(), ...others.values()], logsDir))
      journal.record(found);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#teardown.disposeAsync();
  }
}
