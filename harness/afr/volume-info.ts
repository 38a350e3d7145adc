/** Reads what `gluster volume info` prints (text or --xml) and what a client's volume file says about replica sets. */
import { brick, type BrickId } from '../model/names.ts';
import { effectiveQuorum, type FavoriteChild, type QuorumRule } from './replica-set.ts';

export interface PrintedVolume {
  readonly name: string;
  readonly id?: string;
  readonly bricks: readonly { readonly id: BrickId; readonly arbiter: boolean }[];
  /** Bricks per replica set, arbiter included. */
  readonly replicaCount: number;
  readonly options: Readonly<Record<string, string>>;
  /** `HOST:PATH` of a thin arbiter, which holds no files. */
  readonly thinArbiter?: string;
}

/** All volumes in the text. Throws, naming `file` and line, when it is not the output of `gluster volume info`. */
export function parseVolumeInfo(text: string, file: string): PrintedVolume[] {
  const volumes = text.includes('<cliOutput>') ? parseXml(text) : parseText(text);
  if (volumes.length === 0)
    throw new Error(
      `${file}:1: no volume found in it: expected the output of 'gluster volume info', as text or with --xml`,
    );
  for (const volume of volumes) {
    if (volume.replicaCount < 2 || volume.bricks.length % volume.replicaCount !== 0)
      throw new Error(
        `${file}: volume ${volume.name} has ${volume.bricks.length} bricks in sets of ${volume.replicaCount}: not a replicated volume that can be judged`,
      );
  }
  return volumes;
}

function parseText(text: string): PrintedVolume[] {
  const blocks = text
    .replaceAll('\r', '')
    .split(/^Volume Name:\s*/m)
    .slice(1);
  return blocks.map((block) => {
    const name = (block.split('\n', 1)[0] ?? '').trim();
    const field = (label: string): string | undefined =>
      new RegExp(`^${label}:\\s*(.+?)\\s*$`, 'm').exec(block)?.[1];
    const bricks = [...block.matchAll(/^Brick\d+:\s*(\S+?)(\s+\(arbiter\))?\s*$/gm)].map((m) => ({
      id: brick(m[1] ?? ''),
      arbiter: m[2] !== undefined,
    }));
    const options: Record<string, string> = {};
    for (const m of (block.split(/^Options Reconfigured:\s*$/m)[1] ?? '').matchAll(
      /^([\w.-]+):\s*(.*?)\s*$/gm,
    ))
      options[m[1] ?? ''] = m[2] ?? '';
    const id = field('Volume ID');
    const thin = field('Thin-arbiter-path');
    return {
      name,
      ...(thin === undefined ? {} : { thinArbiter: thin }),
      ...(id === undefined ? {} : { id }),
      bricks,
      replicaCount: replicaCountOf(field('Number of Bricks'), bricks.length),
      options,
    };
  });
}

/** `1 x 3 = 3`, `2 x (2 + 1) = 6`, or a bare `3`. */
function replicaCountOf(text: string | undefined, bricks: number): number {
  const times = /x\s*\(?\s*(\d+)(?:\s*\+\s*(\d+))?\s*\)?\s*=/.exec(text ?? '');
  return times === null ? bricks : Number(times[1]) + Number(times[2] ?? 0);
}

function parseXml(text: string): PrintedVolume[] {
  return [...text.matchAll(/<volume>([\s\S]*?)<\/volume>/g)].map((m) => {
    const block = m[1] ?? '';
    const field = (tag: string): string | undefined =>
      new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(block)?.[1];
    const bricks = [...block.matchAll(/<brick [^>]*>([\s\S]*?)<\/brick>/g)].map((b) => ({
      id: brick(/<name>([^<]*)<\/name>/.exec(b[1] ?? '')?.[1] ?? ''),
      arbiter: /<isArbiter>1<\/isArbiter>/.test(b[1] ?? ''),
    }));
    const options: Record<string, string> = {};
    for (const o of block.matchAll(/<option>\s*<name>([^<]*)<\/name>\s*<value>([^<]*)<\/value>/g))
      options[o[1] ?? ''] = o[2] ?? '';
    const id = field('id');
    return {
      name: field('name') ?? '',
      ...(id === undefined ? {} : { id }),
      bricks,
      replicaCount: Number(field('replicaCount') ?? bricks.length),
      options,
    };
  });
}

const POLICIES: readonly FavoriteChild[] = ['none', 'size', 'ctime', 'mtime', 'majority'];

/** The options that decide verdicts, resolved as GlusterFS resolves them. */
export function rulesOf(volume: Pick<PrintedVolume, 'options' | 'replicaCount'>): {
  quorum: QuorumRule;
  favoriteChild: FavoriteChild;
} {
  const count = volume.options['cluster.quorum-count'];
  const quorum = effectiveQuorum(
    volume.replicaCount,
    volume.options['cluster.quorum-type'],
    count === undefined ? undefined : Number(count),
  );
  const policy = volume.options['cluster.favorite-child-policy'];
  return { quorum, favoriteChild: POLICIES.find((p) => p === policy) ?? 'none' };
}

export interface ClientInVolfile {
  /** The translator's name, such as `vmstore-client-0`; the attribute is `trusted.afr.` and this, unless `afr-pending-xattr` says otherwise. */
  readonly client: string;
  readonly id: BrickId;
  readonly accusedAs: string;
}

/**
 * Which attribute accuses which brick, from a client volume file: `option afr-pending-xattr` of each replicate translator names
 * them in the order of its subvolumes (afr.c `afr_pending_xattrs_init`). Empty when there is no replicate translator.
 */
export function parseVolfile(text: string): ClientInVolfile[][] {
  const bodies = [
    ...text.replaceAll('\r', '').matchAll(/^\s*volume\s+(\S+)\s*$([\s\S]*?)^\s*end-volume\s*$/gm),
  ];
  const option = (body: string, name: string): string | undefined =>
    new RegExp(`^\\s*option\\s+${name}\\s+(.+?)\\s*$`, 'm').exec(body)?.[1];
  const clients = new Map(
    bodies.flatMap(([, name = '', body = '']) => {
      const [host, path] = [option(body, 'remote-host'), option(body, 'remote-subvolume')];
      return host === undefined || path === undefined ? [] : [[name, brick(`${host}:${path}`)] as const];
    }),
  );
  return bodies.flatMap(([, , body = '']) => {
    if (!/^\s*type\s+cluster\/replicate\s*$/m.test(body)) return [];
    const subvolumes = (/^\s*subvolumes\s+(.+?)\s*$/m.exec(body)?.[1] ?? '').split(/\s+/);
    const keys = option(body, 'afr-pending-xattr')
      ?.split(',')
      .map((k) => k.trim());
    return [
      subvolumes.flatMap((client, i) => {
        const id = clients.get(client);
        return id === undefined ? [] : [{ client, id, accusedAs: `trusted.afr.${keys?.[i] ?? client}` }];
      }),
    ];
  });
}
