/** The machines of a site, as requests to the engine. Pure: what each may do is listed here and nowhere else. */
import { overOob } from '../../harness/index.ts';
import type { Accelerator, SiteSpec } from '../../harness/index.ts';
import type { MachineRequest } from '../docker/index.ts';
import type { FileAt } from '../monitoring/plan.ts';
import type { Place } from '../monitoring/shipped.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkName, NetworkPlan } from '../network/plan.ts';
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

export function nodeRequests(spec: SiteSpec, made: Made): readonly MachineRequest[] {
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

export function outsideRequests(spec: SiteSpec, made: Made): readonly MachineRequest[] {
  const { run, plan, networks, images, publicKey } = made;
  const addresses = nodeAddresses(spec, plan);
  const { evidence } = volumeNames(run, spec);
  const outside = (
    hostname: 'customer' | 'workstation' | 'offsite' | 'monitor' | 'recorder',
    rest: Pick<MachineRequest, 'environment' | 'addresses' | 'capabilities' | 'publish' | 'files'>,
  ): MachineRequest => ({
    name: `hp-${run}-${hostname}`,
    hostname,
    image: images.outside,
    command: [`/usr/lib/healproof/role-${hostname}`],
    volumes: [{ volume: evidence, at: '/evidence' }],
    devices: [],
    systemd: false,
    ...rest,
  });
  const wan = { HP_VIP: plan.ip('wan', HOST.gateway), HP_URL: pageUrl(plan), HP_TOKEN: 'storehouse' };
  const probed = addresses.flatMap(({ node, lan, oob }) => [
    `${node}=${lan}`,
    ...(spec.oob ? [`${overOob(node)}=${oob}`] : []),
  ]);
  return [
    outside('recorder', {
      environment: {},
      addresses: [{ network: networks.control, ip: plan.ip('control', HOST.recorder) }],
      capabilities: [],
      publish: [],
    }),
    outside('customer', {
      environment: wan,
      addresses: [{ network: networks.wan, ip: plan.ip('wan', HOST.customer) }],
      capabilities: ['NET_ADMIN'],
      publish: [],
    }),
    outside('workstation', {
      environment: { ...wan, HP_AUTHORIZED_KEY: publicKey.trim(), HP_NODES: probed.join(',') },
      addresses: [
        { network: networks.wan, ip: plan.ip('wan', HOST.workstation) },
        { network: networks.control, ip: plan.ip('control', HOST.workstation) },
        ...(spec.oob ? [{ network: networks.oob, ip: plan.ip('oob', HOST.workstation) }] : []),
      ],
      capabilities: ['NET_ADMIN'],
      publish: [22],
    }),
    outside('offsite', {
      environment: wan,
      addresses: [{ network: networks.wan, ip: plan.ip('wan', HOST.offsite) }],
      capabilities: ['NET_ADMIN', 'NET_RAW'],
      publish: [],
      files: monitoringFiles(made, 'offsite'),
    }),
    // On lan and nowhere else: what it has to say to anybody outside goes through the routers.
    outside('monitor', {
      environment: { HP_VIP: plan.ip('lan', HOST.gateway) },
      addresses: [{ network: networks.lan, ip: plan.ip('lan', HOST.monitor) }],
      capabilities: ['NET_ADMIN', 'NET_RAW'],
      publish: [],
      files: monitoringFiles(made, 'inside'),
    }),
  ];
}

/** The storage web service: a host on lan that mounts the volume and serves the customers' files. */
export function storehouseRequest(spec: SiteSpec, made: Made): MachineRequest {
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
