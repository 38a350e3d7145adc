/** What lies on one machine of a made-up cluster, for gates that read bricks, glusterd's files or the mount's own tables themselves. */
import type { NodeName } from '../model/names.ts';
import { inDirty, inXattrop } from './sight.ts';
import { machineOf, uuidOf } from './world.ts';
import type { World, WorldFile } from './world.ts';

/** One path on a machine. Attribute values are hex without `0x`. */
export type NodeFile = { readonly path: string; readonly xattrs: Readonly<Record<string, string>> } & (
  | { readonly kind: 'text'; readonly text: string }
  /** A file of zeros. */
  | { readonly kind: 'sparse'; readonly size: number }
  | { readonly kind: 'folder' }
);

const text = (path: string, content: string): NodeFile => ({ kind: 'text', path, text: content, xattrs: {} });

/** Folders above a path are not listed; whoever lays the files out makes them. */
export function nodeFiles(world: World, node: NodeName): readonly NodeFile[] {
  return [
    ...systemFiles(world, node),
    ...glusterdFiles(world, node),
    ...mountFiles(world, node),
    ...brickFiles(world, node),
  ];
}

function systemFiles(world: World, node: NodeName): readonly NodeFile[] {
  const { volume, mount } = world.site;
  const uuid = uuidOf(world, node);
  return [
    text('/proc/sys/kernel/random/boot_id', `${uuid}\n`),
    text('/proc/uptime', '86405.12 170000.00\n'),
    // Field 22 is the start of PID 1, in ticks since the kernel booted.
    text('/proc/1/stat', `1 (systemd) S 0 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 500 1 1\n`),
    text(
      '/proc/self/mountinfo',
      `36 25 0:32 / ${mount} rw,relatime shared:7 - fuse.glusterfs ${node}:/${volume} rw,user_id=0\n`,
    ),
    text('/proc/self/mounts', `${node}:/${volume} ${mount} fuse.glusterfs rw,relatime 0 0\n`),
    text('/proc/mounts', `${node}:/${volume} ${mount} fuse.glusterfs rw,relatime 0 0\n`),
  ];
}

function glusterdFiles(world: World, node: NodeName): readonly NodeFile[] {
  const { volume, nodes, brickPath } = world.site;
  const home = `/var/lib/glusterd/vols/${volume}`;
  const bricks = nodes.map((one) =>
    text(
      `${home}/bricks/${one}:${brickPath.replaceAll('/', '-')}`,
      `uuid=${uuidOf(world, one)}\nhostname=${one}\npath=${brickPath}\n`,
    ),
  );
  return [
    text('/var/lib/glusterd/glusterd.info', `UUID=${uuidOf(world, node)}\noperating-version=100000\n`),
    text(`${home}/trusted-${volume}.tcp-fuse.vol`, volfile(world)),
    ...bricks,
  ];
}

const client = (world: World, index: number): string => `${world.site.volume}-client-${index}`;

function volfile(world: World): string {
  const { volume, nodes, brickPath } = world.site;
  const clients = nodes.map(
    (one, index) => `volume ${client(world, index)}
    type protocol/client
    option remote-host ${one}
    option remote-subvolume ${brickPath}
end-volume

`,
  );
  const names = nodes.map((_, index) => client(world, index));
  return `${clients.join('')}volume ${volume}-replicate-0
    type cluster/replicate
    option afr-pending-xattr ${names.join(',')}
    option quorum-type ${world.options['cluster.quorum-type'] ?? 'auto'}
    subvolumes ${names.join(' ')}
end-volume

volume ${volume}
    type debug/io-stats
    subvolumes ${volume}-replicate-0
end-volume
`;
}

/** The FUSE client's own tables. A connection that stands outlives its brick's glusterd. */
function mountFiles(world: World, node: NodeName): readonly NodeFile[] {
  const { volume, nodes, mount } = world.site;
  const graph = `${mount}/.meta/graphs/active`;
  const connected = nodes.map((owner) => {
    const there = machineOf(world, owner);
    const here = machineOf(world, node);
    const cut =
      here.cutFrom.includes(owner) || there.cutFrom.includes(node) || here.mountLost.includes(owner);
    return there.power === 'on' && there.brick === 'up' && !cut;
  });
  const up = connected.map((one, index) => `child_up[${index}] = ${one ? 1 : 0}\n`).join('');
  const quorum = world.options['cluster.quorum-type'] ?? 'auto';
  return [
    ...nodes.map((_, index) => {
      const name = client(world, index);
      const table = `[xlator.protocol.client.${name}.priv]\nconnecting = 0\nconnected = ${connected[index] === true ? 1 : 0}\n`;
      return text(`${graph}/${name}/private`, table);
    }),
    text(
      `${graph}/${volume}-replicate-0/private`,
      `[cluster/replicate.${volume}-replicate-0]\nchild_count = ${nodes.length}\n${up}quorum-type = ${quorum}\nup = 1\n`,
    ),
  ];
}

function brickFiles(world: World, node: NodeName): readonly NodeFile[] {
  const root = world.site.brickPath;
  const index = `${root}/.glusterfs/indices`;
  const listed = (kind: string, files: readonly WorldFile[]): readonly NodeFile[] => [
    text(`${index}/${kind}/${kind}-${uuidOf(world, node)}`, ''),
    ...files.map((one) => text(`${index}/${kind}/${one.gfid}`, '')),
  ];
  const whole = world.files.filter((one) => !one.bulk);
  const folders = new Set(['/', ...whole.flatMap((one) => foldersAbove(one.path))]);
  return [
    ...[...folders].map((path, number): NodeFile => {
      const id = (number + 1).toString(16).padStart(32, '0');
      return { kind: 'folder', path: path === '/' ? root : `${root}${path}`, xattrs: { 'trusted.gfid': id } };
    }),
    ...whole.flatMap((one): readonly NodeFile[] => {
      const copy = { kind: 'sparse', size: one.size, xattrs: attributes(world, node, one) } as const;
      const link = `${root}/.glusterfs/${one.gfid.slice(0, 2)}/${one.gfid.slice(2, 4)}/${one.gfid}`;
      return [
        { ...copy, path: `${root}${one.path}` },
        { ...copy, path: link },
      ];
    }),
    ...listed('xattrop', inXattrop(world, node)),
    ...listed('dirty', inDirty(world, node)),
    { kind: 'folder', path: `${index}/entry-changes`, xattrs: {} },
  ];
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

const ONE_OF_DATA = '000000010000000000000000';

/** Attributes as this brick holds them; what was never set is absent, not zero. */
function attributes(world: World, node: NodeName, file: WorldFile): Readonly<Record<string, string>> {
  const accused = file.accusations.filter(({ by }) => by === node).map(({ of }) => of);
  const pending = accused.map((of) => {
    const name = `trusted.afr.${client(world, world.site.nodes.indexOf(of))}`;
    return [name, ONE_OF_DATA] as const;
  });
  const dirty = file.dirtyOn.includes(node) ? [['trusted.afr.dirty', ONE_OF_DATA] as const] : [];
  return Object.fromEntries([...dirty, ...pending, ['trusted.gfid', file.gfid.replaceAll('-', '')]]);
}
