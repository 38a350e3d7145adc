/** The images of a lab, tagged by what they are built from: built when that changes, never otherwise. */
import { join } from 'node:path';
import type { Say } from '../engine/install.ts';
import type { Env } from '../engine/paths.ts';
import { cacheFolder } from '../engine/paths.ts';
import { lock } from '../host/index.ts';
import { ensureBase, hasImage, OWN_BASE, PUBLIC_BASE } from './base.ts';
import { buildImage } from './build.ts';
import type { ContextFile, ContextFolder } from './context.ts';
import { fingerprint, readContext } from './context.ts';

/** Names of images that the engine has. */
export interface Images {
  readonly node: string;
  readonly outside: string;
}

const folder = (name: string, to = ''): ContextFolder => ({ from: join(import.meta.dirname, name), to });

type Contexts = Readonly<Record<keyof Images, readonly ContextFile[]>>;

async function readContexts(): Promise<Contexts> {
  const [node, outside] = await Promise.all([
    readContext([folder('node'), folder('kernel-package', 'kernel-package')]),
    readContext([folder('outside')]),
  ]);
  return { node, outside };
}

const tagsFor = ({ node, outside }: Contexts, base: string): Images => ({
  node: `healproof/node:${fingerprint(node, base)}`,
  outside: `healproof/outside:${fingerprint(outside, base)}`,
});

/** The images as the present sources make them, if the engine has both. It does not matter on which base. */
async function present(host: string, contexts: Contexts): Promise<Images | undefined> {
  for (const base of [PUBLIC_BASE, OWN_BASE]) {
    const tags = tagsFor(contexts, base);
    if ((await hasImage(host, tags.node)) && (await hasImage(host, tags.outside))) return tags;
  }
  return undefined;
}

/** All tags that the present sources may have, the base's included: what `removeOldImages` should keep. */
export async function currentTags(): Promise<readonly string[]> {
  const contexts = await readContexts();
  return [
    ...[PUBLIC_BASE, OWN_BASE].flatMap((base) => {
      const { node, outside } = tagsFor(contexts, base);
      return [node, outside];
    }),
    OWN_BASE,
  ];
}

const LOCK_LIMIT_MS = 40 * 60_000;

/**
 * Makes sure that the engine at `host` (`unix:///path` or `tcp://host:port`) has the images of the present sources.
 * Half a second when it has. Throws an Error with the end of the log when a build fails, SetupNeeded when a base
 * can't be had without a person's help. `say` gets a line per build step.
 */
export async function ensureImages({
  host,
  say,
  env = process.env,
}: {
  host: string;
  say: Say;
  env?: Env;
}): Promise<Images> {
  const contexts = await readContexts();
  const there = await present(host, contexts);
  if (there) return there;
  await using scope = new AsyncDisposableStack();
  scope.use(
    await lock(join(cacheFolder(env), 'images.lock'), {
      limitMs: LOCK_LIMIT_MS,
      what: 'building the images',
      onWait: (holder) => say(`waiting: ${holder} is building the images`),
    }),
  );
  // somebody else may have built them while we waited
  const meanwhile = await present(host, contexts);
  if (meanwhile) return meanwhile;
  const base = await ensureBase({ host, say, env });
  const tags = tagsFor(contexts, base);
  for (const name of ['node', 'outside'] as const) {
    if (await hasImage(host, tags[name])) continue;
    const startedAt = performance.now();
    say(`building ${tags[name]} on ${base} (minutes the first time, seconds after a change)`);
    const logPath = join(cacheFolder(env), 'logs', `build-${name}.log`);
    await buildImage({ host, tag: tags[name], base, files: contexts[name], logPath, say, env });
    say(`built ${tags[name]} in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  return tags;
}
