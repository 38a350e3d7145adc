/** Reads what `gluster volume info` prints, as text or with --xml. */
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
  /** Why its files can't be judged; others of the same output may be. */
  readonly unfit?: string;
}

/** All volumes in the text. Throws, naming `file` and line, when it is not the output of `gluster volume info`, or half of it. */
export function parseVolumeInfo(text: string, file: string): PrintedVolume[] {
  const volumes = text.includes('<cliOutput>') ? parseXml(text) : parseText(text);
  if (volumes.length === 0)
    throw new Error(
      `${file}:1: no volume found in it: expected the output of 'gluster volume info', as text or with --xml`,
    );
  const half = volumes.find((v) => v.bricks.length !== v.count);
  if (half !== undefined)
    throw new Error(
      `${file}: volume ${half.name} should have ${half.count} bricks, and ${half.bricks.length} are listed: half an output of 'gluster volume info'?`,
    );
  return volumes.map((volume) => {
    const unfit = whyUnfit(volume);
    return unfit === undefined ? volume : { ...volume, unfit };
  });
}

/** A volume as printed, with what is needed to tell whether it can be judged. */
interface Printed extends PrintedVolume {
  readonly type?: string;
  /** Of bricks, as the output says it itself. */
  readonly count: number;
}

function whyUnfit({ name, bricks, replicaCount, type }: Printed): string | undefined {
  if (type !== undefined && /disperse/i.test(type))
    return `volume ${name} is of type ${type}: each brick holds a fragment of every file and none a copy, so there is nothing to compare; only replicated volumes can be judged`;
  if (
    (type !== undefined && !/replicate/i.test(type)) ||
    replicaCount < 2 ||
    bricks.length % replicaCount !== 0
  )
    return `volume ${name}${type === undefined ? '' : ` of type ${type}`} has ${bricks.length} bricks in sets of ${replicaCount}: not a replicated volume that can be judged`;
  return undefined;
}

function parseText(text: string): Printed[] {
  const blocks = text
    .replaceAll('\r', '')
    .split(/^Volume Name:\s*/m)
    .slice(1);
  return blocks.map((block) => {
    const name = (block.split('\n', 1)[0] ?? '').trim();
    const field = (label: string): string | undefined =>
      new RegExp(`^${label}:\\s*(.+?)\\s*$`, 'm').exec(block)?.[1];
    const bricks = [...block.matchAll(/^Brick\d+:\s*(\S.*?)(\s+\(arbiter\))?\s*$/gm)].map((m) => ({
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
    const [type, number] = [field('Type'), field('Number of Bricks')];
    return {
      name,
      ...(type === undefined ? {} : { type }),
      count: Number(/(\d+)$/.exec(number ?? '')?.[1] ?? bricks.length),
      ...(thin === undefined ? {} : { thinArbiter: thin }),
      ...(id === undefined ? {} : { id }),
      bricks,
      replicaCount: replicaCountOf(number, bricks.length),
      options,
    };
  });
}

/** `1 x 3 = 3`, `2 x (2 + 1) = 6`, or a bare `3`. */
function replicaCountOf(text: string | undefined, bricks: number): number {
  const times = /x\s*\(?\s*(\d+)(?:\s*\+\s*(\d+))?\s*\)?\s*=/.exec(text ?? '');
  return times === null ? bricks : Number(times[1]) + Number(times[2] ?? 0);
}

function parseXml(text: string): Printed[] {
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
    const [id, type] = [field('id'), field('typeStr')];
    return {
      name: field('name') ?? '',
      ...(type === undefined ? {} : { type }),
      count: Number(field('brickCount') ?? bricks.length),
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
