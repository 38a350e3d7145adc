/** The machines of a site, as requests to the engine. Pure: what each may do is listed here and nowhere else. */
import { overOob } from '../../harness/index.ts';
import type { Accelerator, SiteSpec } from '../../harness/index.ts';
import type { MachineRequest } from '../docker/index.ts';
import { exporterWords } from '../monitoring/exporter.ts';
import type { FileAt } from '../monitoring/plan.ts';
import type { Place } from '../monitoring/shipped.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkName, NetworkPlan } from '../network/plan.ts';
import { CACHE_AT, NODE_AT, PRODUCT_AT, volumesOf } from '../product/index.ts';
import type { ProductVolumes } from '../product/index.ts';
import { hostsFile, nodeAddresses, pageUrl } from './addresses.ts';

export interface Made {
  readonly run: string;
  readonly plan: NetworkPlan;
  /** Engine ids of the networks. */
  readonly networks: Readonly<Record<NetworkName, string>>;
  readonly images: { readonly node: string; readonly outside: string };
  readonly publicKey: string;
  readonly guests: Accelerator;
  /** Volume that holds the guests' saved state. */
  readonly guestState: string;
  /** Healproof itself, when this lab runs its exporter. */
  readonly product: ProductVolumes | undefined;
  /** Files of the monitoring, by place. */
  readonly monitoring: Readonly<Record<Place, readonly FileAt[]>>;
}

/** What systemd, FUSE mounts, bricks (trusted.* attributes), bridges and QEMU need; measured one by one, never `--privileged`. */
const NODE_CAPABILITIES = ['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'DAC_READ_SEARCH', 'SYS_PTRACE', 'SYS_NICE'];

export const volumeNames = (run: string, spec: SiteSpec) => ({
  evidence: `hp-${run}-evidence`,
  pve: `hp-${run}-pve`,
  backup: `hp-${run}-backup`,
  bricks: spec.nodes.map((node) => `hp-${run}-brick-${node}`),
});

function nodeRequests(spec: SiteSpec, made: Made): readonly MachineRequest[] {
  const { run, plan, networks, images } = made;
  const addresses = nodeAddresses(spec, plan);
  const volumes = volumeNames(run, spec);
  return addresses.map(({ node, storage, lan, wan, oob }, at) => ({
    name: `hp-${run}-${node}`,
    hostname: node,
    image: images.node,
    environment: {
      HP_HOSTS: hostsFile(addresses),
      HP_STORAGE_IP: storage,
      HP_LAN_IP: lan,
      HP_WAN_IP: wan,
      HP_VIP: plan.ip('lan', HOST.gateway),
      HP_BRICK_GUARD: spec.brickGuard ? 'on' : 'off',
      HP_STORAGE_MBIT: String(spec.storageMbit),
      HP_VOLUME: spec.volume.name,
      HP_VOLUME_SERVERS: [node, ...spec.nodes.filter((other) => other !== node)].join(':'),
    },
    addresses: [
      { network: networks.storage, ip: storage },
      { network: networks.lan, ip: lan },
      { network: networks.wan, ip: wan },
      ...(spec.oob ? [{ network: networks.oob, ip: oob }] : []),
    ],
    volumes: [
      { volume: volumes.evidence, at: '/evidence' },
      { volume: volumes.pve, at: '/etc/pve' },
      { volume: volumes.backup, at: '/mnt/backup' },
      { volume: made.guestState, at: '/var/lib/healproof/guest' },
      { volume: volumes.bricks[at] ?? '', at: `/bricks/${spec.volume.name}` },
    ],
    capabilities: NODE_CAPABILITIES,
    devices: ['/dev/fuse', '/dev/net/tun', ...(made.guests === 'kvm' ? ['/dev/kvm'] : [])],
    systemd: true,
    publish: [],
  }));
}

const MONITORING = '/etc/healproof/monitoring';
const monitoringFiles = (made: Made, place: Place) =>
  made.monitoring[place].map(({ path, text }) => ({ path: `${MONITORING}/${path}`, text }));

/** Without a router nobody outside is ever reached: a lab for measurements has no monitoring, and waits for none. */
export const isWatched = ({ routers }: SiteSpec): boolean => routers.length > 0;

type Role = 'customer' | 'workstation' | 'offsite' | 'monitor' | 'recorder';
type Own = Pick<MachineRequest, 'environment' | 'addresses' | 'capabilities' | 'publish' | 'files'> &
  Partial<Pick<MachineRequest, 'volumes'>>;

const outside = (spec: SiteSpec, { run, images }: Made, hostname: Role, own: Own): MachineRequest => ({
  name: `hp-${run}-${hostname}`,
  hostname,
  image: images.outside,
  command: [`/usr/lib/healproof/role-${hostname}`],
  devices: [],
  systemd: false,
  ...own,
  volumes: [{ volume: volumeNames(run, spec).evidence, at: '/evidence' }, ...(own.volumes ?? [])],
});

const onWan = (plan: NetworkPlan) => ({
  HP_VIP: plan.ip('wan', HOST.gateway),
  HP_URL: pageUrl(plan),
  HP_TOKEN: 'storehouse',
});

function outsideRequests(spec: SiteSpec, made: Made): readonly MachineRequest[] {
  const { plan, networks, publicKey } = made;
  const probed = nodeAddresses(spec, plan).flatMap(({ node, lan, oob }) => [
    `${node}=${lan}`,
    ...(spec.oob ? [`${overOob(node)}=${oob}`] : []),
  ]);
  return [
    outside(spec, made, 'recorder', {
      environment: {},
      addresses: [{ network: networks.control, ip: plan.ip('control', HOST.recorder) }],
      capabilities: [],
      publish: [],
    }),
    outside(spec, made, 'customer', {
      environment: onWan(plan),
      addresses: [{ network: networks.wan, ip: plan.ip('wan', HOST.customer) }],
      capabilities: ['NET_ADMIN'],
      publish: [],
    }),
    outside(spec, made, 'workstation', {
      environment: { ...onWan(plan), HP_AUTHORIZED_KEY: publicKey.trim(), HP_NODES: probed.join(',') },
      addresses: [
        { network: networks.wan, ip: plan.ip('wan', HOST.workstation) },
        { network: networks.control, ip: plan.ip('control', HOST.workstation) },
        ...(spec.oob ? [{ network: networks.oob, ip: plan.ip('oob', HOST.workstation) }] : []),
      ],
      capabilities: ['NET_ADMIN'],
      publish: [22],
    }),
    ...(isWatched(spec) ? watchingRequests(spec, made) : []),
  ];
}

function watchingRequests(spec: SiteSpec, made: Made): readonly MachineRequest[] {
  const { plan, networks, product } = made;
  return [
    outside(spec, made, 'offsite', {
      environment: onWan(plan),
      addresses: [{ network: networks.wan, ip: plan.ip('wan', HOST.offsite) }],
      capabilities: ['NET_ADMIN', 'NET_RAW'],
      publish: [],
      files: monitoringFiles(made, 'offsite'),
    }),
    // On lan and nowhere else: what it has to say to anybody outside goes through the routers.
    outside(spec, made, 'monitor', {
      environment: {
        HP_VIP: plan.ip('lan', HOST.gateway),
        ...(product === undefined ? {} : exporterEnvironment(spec)),
      },
      volumes: product === undefined ? [] : volumesOf(product).map(readOnly),
      addresses: [{ network: networks.lan, ip: plan.ip('lan', HOST.monitor) }],
      capabilities: ['NET_ADMIN', 'NET_RAW'],
      publish: [],
      files: monitoringFiles(made, 'inside'),
    }),
  ];
}

const readOnly = (volume: { readonly volume: string; readonly at: string }) => ({
  ...volume,
  readOnly: true as const,
});

/** The machine starts it by this line when its files are there. */
const exporterEnvironment = (spec: SiteSpec) => ({
  HP_EXPORTER: [`${NODE_AT}/node`, `${PRODUCT_AT}/cli/main.ts`, 'exporter', ...exporterWords(spec)].join(' '),
  HP_EXPORTER_CACHE: CACHE_AT,
});

/** The storage web service: a host on lan that mounts the volume and serves the customers' files. */
function storehouseRequest(spec: SiteSpec, made: Made): MachineRequest {
  const { run, plan, networks, images } = made;
  return {
    name: `hp-${run}-storehouse`,
    hostname: 'storehouse',
    image: images.node,
    command: ['/usr/lib/healproof/role-storehouse'],
    environment: {
      HP_HOSTS: hostsFile(nodeAddresses(spec, plan)),
      HP_VIP: plan.ip('lan', HOST.gateway),
      HP_VOLUME: spec.volume.name,
      HP_VOLFILE_SERVERS: spec.nodes.join(':'),
    },
    addresses: [
      { network: networks.storage, ip: plan.ip('storage', HOST.storehouse) },
      { network: networks.lan, ip: plan.ip('lan', HOST.storehouse) },
    ],
    volumes: [{ volume: volumeNames(run, spec).evidence, at: '/evidence' }],
    capabilities: ['SYS_ADMIN', 'NET_ADMIN'],
    devices: ['/dev/fuse'],
    systemd: false,
    publish: [],
  };
}

/** The volume is formed on the nodes, and heard of from the recorder; everybody else starts meanwhile. */
export function machinesOf(
  spec: SiteSpec,
  made: Made,
): Readonly<Record<'atOnce' | 'meanwhile', readonly MachineRequest[]>> {
  const others = outsideRequests(spec, made);
  const isRecorder = ({ hostname }: MachineRequest): boolean => hostname === 'recorder';
  return {
    atOnce: [...others.filter(isRecorder), ...nodeRequests(spec, made)],
    meanwhile: [...others.filter((one) => !isRecorder(one)), storehouseRequest(spec, made)],
  };
}
