/** The Debian that images are built on: the public image, or the same made here out of packages. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineRequest } from '../engine/http.ts';
import { askEngine, engineJson, refusal } from '../engine/http.ts';
import type { Say } from '../engine/install.ts';
import { installPackages } from '../engine/install.ts';
import type { Env } from '../engine/paths.ts';
import { cacheFolder } from '../engine/paths.ts';
import { parseOsRelease, SetupNeeded } from '../engine/setup.ts';
import { findProgram, runCommand, tailOf } from '../host/index.ts';
import { parseSources, sourceLines } from './mirror.ts';

const SUITE = 'bookworm';
export const PUBLIC_BASE = `debian:${SUITE}-slim`;
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** What the public slim image leaves out, ours leaves out too. */
const LEFT_OUT = ['doc', 'man', 'locale', 'info'].map(
  (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
);
const RECIPE = ['--variant=minbase', '--aptopt=Acquire::Languages "none"', ...LEFT_OUT, '--format=tar'];
/** A base of our own is made again when the recipe changes, not when packages do: builds update those. */
export const OWN_BASE = `healproof/base:${createHash('sha256')
  .update([SUITE, ...RECIPE].join('\n'))
  .digest('hex')
  .slice(0, 12)}`;

/** A registry that answers sends something within this time; one that is out of reach often just says nothing. */
const PULL_SILENCE_MS = 30_000;
const BOOTSTRAP_LIMIT_MS = 15 * 60_000;

export async function hasImage(host: string, name: string): Promise<boolean> {
  const request = { path: `/images/${name}/json`, limitMs: 10_000 };
  const { status, text } = await askEngine(host, request);
  if (status === 404) return false;
  if (status >= 400) throw new Error(refusal(request, host, status, text));
  return true;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Pulls the public base. Undefined when it worked, else why not. */
async function pull(host: string): Promise<string | undefined> {
  const [repository, tag] = PUBLIC_BASE.split(':');
  let last = '';
  const request: EngineRequest = {
    method: 'POST',
    path: `/images/create?fromImage=${repository}&tag=${tag}`,
    limitMs: PULL_SILENCE_MS,
    onData: (chunk) => (last = chunk.trim() || last),
  };
  try {
    const { status, text } = await askEngine(host, request);
    if (status >= 400) return refusal(request, host, status, text);
    // the engine says 200 before it begins, so what counts is whether the image is there now
    return (await hasImage(host, PUBLIC_BASE)) ? undefined : last;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Source lines for the base as this machine's apt has them; none when its set-up can't be carried over. */
export async function readHostSources(): Promise<readonly string[]> {
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const folder = '/etc/apt/sources.list.d';
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name));
  const paths = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))];
  const sources = (await Promise.all(paths.map(async (path) => parseSources(path, await read(path))))).flat();
  const release = parseOsRelease(await read('/etc/os-release'));
  if (release.get('ID') !== 'debian') return [];
  return sourceLines(sources, release.get('VERSION_CODENAME') ?? SUITE, SUITE);
}

async function findBootstrap(say: Say, whyNoPull: string): Promise<string> {
  const found = await findProgram('mmdebstrap');
  // Ubuntu has the one without the other, and Debian's signature is checked by it.
  if (found !== undefined && (await isThere(KEYRING))) return found;
  const root = process.getuid?.() === 0;
  if (!root || (await findProgram('apt-get')) === undefined)
    throw new SetupNeeded(
      `The images need ${PUBLIC_BASE}, and no registry gives it (${whyNoPull}). Making it from packages needs mmdebstrap, which only root can install, on Debian or Ubuntu. Do one of these:`,
      [
        `docker pull ${PUBLIC_BASE}`,
        'sudo apt-get update && sudo apt-get install -y mmdebstrap debian-archive-keyring',
      ],
    );
  await installPackages(['mmdebstrap', 'debian-archive-keyring'], {
    say,
    why: 'it makes the Debian that the images are built on',
  });
  return (await findProgram('mmdebstrap')) ?? 'mmdebstrap';
}

/** Makes the base out of packages and gives it to the engine. */
async function makeOwnBase({ host, say, env }: BaseOptions, whyNoPull: string): Promise<void> {
  const program = await findBootstrap(say, whyNoPull);
  const sources = await readHostSources();
  const https = sources.some((line) => line.includes('https://'));
  const folder = cacheFolder(env);
  await mkdir(folder, { recursive: true });
  // Only one at a time makes it (ensure.ts); what a killed one left is written over.
  const archive = join(folder, 'base.tar');
  await using scope = new AsyncDisposableStack();
  scope.defer(() => rm(archive, { force: true }));
  say(`making ${SUITE} from Debian packages with mmdebstrap (about a minute)`);
  const command = [
    program,
    ...RECIPE,
    ...((await isThere(KEYRING)) ? [`--keyring=${KEYRING}`] : []),
    ...(https ? ['--include=ca-certificates'] : []),
    SUITE,
    archive,
    ...sources,
  ];
  const onLine = (line: string): void => (/^[EI]: /.test(line) ? say(`  ${line}`) : undefined);
  const made = await runCommand(command, { limitMs: BOOTSTRAP_LIMIT_MS, onLine });
  if (made.code !== 0)
    throw new Error(
      `making the base of the images: mmdebstrap ${tailOf(made, 60)}\nNo registry gave ${PUBLIC_BASE} either: ${whyNoPull}\nCheck that apt-get update works on this machine, then try again.`,
    );
  const [repo, tag] = OWN_BASE.split(':');
  const changes = encodeURIComponent('LABEL healproof=1');
  await engineJson(host, {
    method: 'POST',
    path: `/images/create?fromSrc=-&repo=${encodeURIComponent(repo ?? '')}&tag=${tag}&changes=${changes}`,
    stream: createReadStream(archive),
    limitMs: 120_000,
    onData: () => undefined,
  });
  if (!(await hasImage(host, OWN_BASE)))
    throw new Error(
      `importing the base of the images: the engine at ${host} took it, but has no ${OWN_BASE}`,
    );
}

export interface BaseOptions {
  readonly host: string;
  readonly say: Say;
  readonly env: Env;
}

/** Name of a base image that the engine has now: what is there already, else pulled, else made here. */
export async function ensureBase(options: BaseOptions): Promise<string> {
  for (const name of [PUBLIC_BASE, OWN_BASE]) if (await hasImage(options.host, name)) return name;
  options.say(`pulling ${PUBLIC_BASE}`);
  const whyNot = await pull(options.host);
  if (whyNot === undefined) return PUBLIC_BASE;
  options.say(`no registry gives ${PUBLIC_BASE}: ${whyNot}`);
  await makeOwnBase(options, whyNot);
  return OWN_BASE;
}
