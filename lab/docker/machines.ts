/** Machines of a lab: containers with fixed addresses, made through testcontainers. */
import { GenericContainer, PullPolicy } from 'testcontainers';
import type { StartedTestContainer } from 'testcontainers';
import type { Engine } from './connection.ts';
import { labelsOf } from './labels.ts';
import type { Owner } from './labels.ts';
import { networkTurn } from './network-turn.ts';

export interface MachineRequest {
  /** Name on the engine, unique per run. */
  readonly name: string;
  readonly hostname: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Networks by id with the address on each; the first is the one the container is created on. */
  readonly addresses: readonly { readonly network: string; readonly ip: string }[];
  /** Docker volumes by name. */
  readonly volumes: readonly { readonly volume: string; readonly at: string; readonly readOnly?: true }[];
  readonly capabilities: readonly string[];
  readonly devices: readonly string[];
  /** Runs systemd as PID 1. */
  readonly systemd: boolean;
  /** Container ports published on 127.0.0.1, each on a port the kernel picks. */
  readonly publish: readonly number[];
  readonly memoryMiB?: number;
  /** Written into the container before it starts. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
}

export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
}

class LabContainer extends GenericContainer {
  readonly #engine: Engine;
  readonly #more: MachineRequest['addresses'];
  #turnOver: () => void = () => undefined;

  constructor(engine: Engine, owner: Owner, request: MachineRequest, cgroupVersion: 1 | 2) {
    super(request.image);
    this.#engine = engine;
    const [first, ...more] = request.addresses;
    if (first === undefined) throw new Error(`bug: machine ${request.name} has no network`);
    this.#more = more;
    this.withName(request.name)
      .withHostname(request.hostname)
      .withLabels(labelsOf(owner))
      .withPullPolicy(PullPolicy.neverPull())
      .withAutoCleanup(false)
      .withStartupTimeout(30_000)
      .withNetworkMode(first.network)
      .withEnvironment({ ...request.environment })
      .withAddedCapabilities(...request.capabilities);
    if (request.command !== undefined) this.withCommand([...request.command]);
    if (request.files !== undefined && request.files.length > 0)
      this.withCopyContentToContainer(
        request.files.map(({ path, text }) => ({ content: text, target: path })),
      );
    // Not withExposedPorts: testcontainers would look for the port by three commands in the container, ten times a second.
    this.createOpts.ExposedPorts = Object.fromEntries(request.publish.map((port) => [`${port}/tcp`, {}]));
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [first.network]: { IPAMConfig: { IPv4Address: first.ip } } },
    };
    this.createOpts.StopSignal = request.systemd ? 'SIGRTMIN+3' : 'SIGTERM';
    const binds = request.volumes.map(
      ({ volume, at, readOnly }) => `${volume}:${at}${readOnly === true ? ':ro' : ''}`,
    );
    const tmpfs = request.systemd ? { '/run': 'rw,nosuid,nodev,exec,mode=755', '/tmp': 'rw' } : {};
    Object.assign(this.hostConfig, {
      Binds: request.systemd && cgroupVersion === 1 ? [...binds, '/sys/fs/cgroup:/sys/fs/cgroup:ro'] : binds,
      CgroupnsMode: cgroupVersion === 1 ? 'host' : 'private',
      Tmpfs: tmpfs,
      Devices: request.devices.map((path) => ({
        PathOnHost: path,
        PathInContainer: path,
        CgroupPermissions: 'rwm',
      })),
      // FUSE mounts and systemd need mounts that Docker's default profiles forbid; capabilities stay listed one by one.
      ...(request.capabilities.includes('SYS_ADMIN')
        ? { SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'] }
        : {}),
      ...(request.memoryMiB === undefined ? {} : { Memory: request.memoryMiB * 1024 * 1024 }),
      PortBindings: Object.fromEntries(
        request.publish.map((port) => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: '0' }]]),
      ),
      LogConfig: { Type: 'json-file', Config: { 'max-size': '5m' } },
    });
  }

  protected override async containerCreated(id: string): Promise<void> {
    for (const { network, ip } of this.#more)
      await this.#engine.api
        .getNetwork(network)
        .connect({ Container: id, EndpointConfig: { IPAMConfig: { IPv4Address: ip } } });
    this.#turnOver = await networkTurn();
  }

  /** By then the engine has started it. */
  protected override containerStarting(): Promise<void> {
    this.#turnOver();
    return Promise.resolve();
  }

  override async start(): Promise<StartedTestContainer> {
    try {
      return await super.start();
    } finally {
      this.#turnOver();
    }
  }
}

/** Creates and starts one machine. A failed start leaves a labelled container, which teardown removes by label. */
export async function startMachine(
  engine: Engine,
  owner: Owner,
  request: MachineRequest,
  cgroupVersion: 1 | 2,
): Promise<Machine> {
  try {
    const started = await new LabContainer(engine, owner, request, cgroupVersion).start();
    return { id: started.getId(), name: request.name, hostname: request.hostname };
  } catch (error) {
    throw new Error(`machine ${request.hostname} (image ${request.image}) could not be started`, {
      cause: error,
    });
  }
}
