/** Healproof itself, and the Node that it runs on, for a machine of a lab: volumes of the engine, made once per content, as images are. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createCachedVolume, removeCachedVolumes, runOnce } from '../docker/index.ts';
import type { Engine, Once } from '../docker/index.ts';
import { cacheFolder } from '../engine/paths.ts';
import { lock } from '../host/index.ts';
import { fingerprint, readContext } from '../images/context.ts';
import type { ContextFile } from '../images/context.ts';
import { reach } from './reach.ts';

/** Where a machine finds them. */
export const NODE_AT = '/opt/healproof/node';
export const PRODUCT_AT = '/opt/healproof/product';
/** What Node compiled is kept beside the sources: a lab's exporter starts in half the time. */
export const CACHE_AT = `${PRODUCT_AT}/cache`;

export interface ProductVolumes {
  readonly kind: 'volumes';
  readonly node: string;
  readonly product: string;
}
export type Product = ProductVolumes | { readonly kind: 'none'; readonly because: string };

const ROOT = join(import.meta.dirname, '../..');
/** The command line, and the one command that a lab's machine runs; it is imported only when it is named. */
const ENTRIES = ['cli/main.ts', 'cli/exporter/index.ts'];
/** No program reads these. */
const NOT_RUN = /\.(?:md|map|d\.[cm]?ts)$/i;
const LOCK_MS = 5 * 60_000;
const RUN_MS = 60_000;
const READY = `${PRODUCT_AT}/ready`;

const EXPORTER_STARTS = `XDG_CACHE_HOME=${CACHE_AT} ${NODE_AT}/node ${PRODUCT_AT}/cli/main.ts exporter --help >/dev/null`;
const WHAT_IS_MISSING = `${NODE_AT}/node --version >/dev/null 2>&1 || echo node; [ -e ${READY} ] || echo product`;

/** `image`: of the machines that are to run it. Half a second when the volumes are there. */
export async function ensureProduct(
  engine: Engine,
  image: string,
  say: (text: string) => void,
): Promise<Product> {
  if (process.platform !== 'linux')
    return {
      kind: 'none',
      because: `this Node is one for ${process.platform}, and a lab's machines run Linux`,
    };
  const content = await contentOf();
  const made = new Making(engine, image, content);
  if ((await made.missing()).length === 0) return content.volumes;
  await using scope = new AsyncDisposableStack();
  scope.use(
    await lock(join(cacheFolder(process.env), 'product.lock'), {
      limitMs: LOCK_MS,
      what: 'putting Healproof into a volume',
    }),
  );
  // Somebody else may have made them while we waited.
  const missing = await made.missing();
  if (missing.length === 0) return content.volumes;
  say('Putting Node and Healproof’s exporter into a volume, once for these sources …');
  const because = await made.fill(missing);
  if (because === undefined) return content.volumes;
  say(`Labs run without Healproof’s exporter: ${because}`);
  return { kind: 'none', because };
}

/** Volumes of older sources, or of another Node. */
export async function removeOldProducts(engine: Engine): Promise<readonly string[]> {
  const { volumes } = await contentOf();
  const isOld = (name: string): boolean =>
    /^healproof-(?:node|product)-[0-9a-f]{12}$/.test(name) && ![volumes.node, volumes.product].includes(name);
  return removeCachedVolumes(engine, isOld);
}

interface Content {
  readonly volumes: ProductVolumes;
  readonly sources: readonly ContextFile[];
  /** Folders of packages; a package is what its version says, so its files are read only when they are needed. */
  readonly packages: readonly string[];
}

async function contentOf(): Promise<Content> {
  const { modules, packages } = reach(ROOT, ENTRIES);
  const sources = await Promise.all(
    ['package.json', ...modules].map(async (path) => ({
      path,
      mode: 0o644,
      content: await readFile(join(ROOT, path)),
    })),
  );
  const versions = packages.map(({ folder, version }) => `${folder} ${version}`).join('\n');
  return {
    volumes: {
      kind: 'volumes',
      node: `healproof-node-${await hashOf(process.execPath)}`,
      product: `healproof-product-${fingerprint(sources, versions)}`,
    },
    sources,
    packages: packages.map(({ folder }) => folder),
  };
}

class Making {
  readonly #engine: Engine;
  readonly #content: Content;
  readonly #once: Pick<Once, 'image' | 'volumes' | 'limitMs'>;

  constructor(engine: Engine, image: string, content: Content) {
    this.#engine = engine;
    this.#content = content;
    this.#once = { image, volumes: volumesOf(content.volumes), limitMs: RUN_MS };
  }

  /** Makes the volumes, and answers what is not in them: `node`, `product`. */
  async missing(): Promise<readonly string[]> {
    const { node, product } = this.#content.volumes;
    await Promise.all([node, product].map((name) => createCachedVolume(this.#engine, name)));
    const looked = await this.#run(WHAT_IS_MISSING);
    return looked.output
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
  }

  /** Why it does not start there; undefined when it does. */
  async fill(missing: readonly string[]): Promise<string | undefined> {
    const node = { path: `${NODE_AT}/node`, content: await readFile(process.execPath), mode: 0o755 };
    const filled = await this.#run(`${EXPORTER_STARTS} && touch ${READY}`, [
      ...(missing.includes('node') ? [node] : []),
      ...[...this.#content.sources, ...(await packageFiles(this.#content.packages))].map(
        ({ path, content }) => ({ path: `${PRODUCT_AT}/${path}`, content }),
      ),
    ]);
    if (filled.exitCode === 0) return undefined;
    const said = filled.output.trim().split('\n').slice(-3).join(' ');
    return `it does not start in a machine of a lab: ${said.slice(0, 300)}`;
  }

  #run(line: string, files?: Once['files']) {
    const given = files === undefined ? {} : { files };
    return runOnce(this.#engine, { ...this.#once, ...given, command: ['sh', '-c', line] });
  }
}

export const volumesOf = ({ node, product }: ProductVolumes) => [
  { volume: node, at: NODE_AT },
  { volume: product, at: PRODUCT_AT },
];

/** Nested packages have folders of their own in the list; what is twice is the same. */
async function packageFiles(folders: readonly string[]): Promise<readonly ContextFile[]> {
  const files = await readContext(folders.map((folder) => ({ from: join(ROOT, folder), to: folder })));
  return files.filter(({ path, link }) => link === undefined && !NOT_RUN.test(path));
}

/** 12 hexadecimal digits, as images have them. */
async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex').slice(0, 12);
}
