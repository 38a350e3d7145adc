/** Can the images be built, if they are not there yet? */
import { askEngine } from '../engine/http.ts';
import { findProgram } from '../host/index.ts';
import { currentTags, PUBLIC_BASE, readHostSources } from '../images/index.ts';
import type { Finding } from './finding.ts';
import { fine } from './finding.ts';

const LIMIT_MS = 8000;
const WHY = 'nodes and the others are built on Debian';

/** Asks the engine, which asks the registry; nothing is pulled. Undefined when it has the image, else why not. */
async function askRegistry(host: string): Promise<string | undefined> {
  try {
    const { status, text } = await askEngine(host, {
      path: `/distribution/${PUBLIC_BASE}/json`,
      limitMs: LIMIT_MS,
    });
    return status < 400 ? undefined : text.trim();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first mirror of this machine's apt that answers, or why none does. */
async function askMirror(): Promise<{ mirror: string } | { why: string }> {
  const lines = await readHostSources();
  const [, uri = 'http://deb.debian.org/debian', suite = 'bookworm'] = (lines[0] ?? '').split(' ');
  const mirror = `${uri.replace(/\/$/, '')}/dists/${suite}/Release`;
  try {
    const { status } = await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(LIMIT_MS) });
    return status < 400 ? { mirror: uri } : { why: `${mirror}: HTTP ${status}` };
  } catch (error) {
    return { why: `${mirror}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export interface BaseSigns {
  /** Tags of the present sources' images that the engine has. */
  readonly built: readonly string[];
  readonly registry: string | undefined;
  readonly mirror: { mirror: string } | { why: string };
  readonly canBootstrap: boolean;
  /** http_proxy or its like is set, which Node's own requests ignore. */
  readonly proxied?: boolean;
}

export function baseFinding({ built, registry, mirror, canBootstrap, proxied }: BaseSigns): Finding {
  const name = 'images';
  if (built.length >= 2) return fine(name, `built: ${built.join(', ')}`, WHY);
  if ('why' in mirror && proxied === true)
    return {
      name,
      ok: 'warn',
      found: `not built yet; whether a Debian mirror answers is not known: a proxy is set, and doctor does not go through it (${mirror.why})`,
      why: WHY,
      fix: 'nothing, if apt-get update works here: the build goes through the proxy',
    };
  if ('why' in mirror)
    return {
      name,
      ok: 'fail',
      found: `not built yet, and no Debian mirror answers: ${mirror.why}`,
      why: WHY,
      fix: 'check that this machine reaches a Debian mirror: apt-get update; behind a proxy set http_proxy',
    };
  if (registry === undefined) return fine(name, `not built yet; ${PUBLIC_BASE} can be pulled`, WHY);
  if (canBootstrap)
    return fine(name, 'not built yet; no registry answers, so the base is made by mmdebstrap', WHY);
  return {
    name,
    ok: 'fail',
    found: `not built yet, and no registry gives ${PUBLIC_BASE}: ${registry}`,
    why: WHY,
    fix: `docker pull ${PUBLIC_BASE}, or sudo apt-get install -y mmdebstrap debian-archive-keyring`,
  };
}

async function builtTags(host: string): Promise<readonly string[]> {
  const there: string[] = [];
  for (const tag of await currentTags())
    if (/\/(node|outside):/.test(tag)) {
      const { status } = await askEngine(host, { path: `/images/${tag}/json`, limitMs: LIMIT_MS });
      if (status < 400) there.push(tag);
    }
  return there;
}

export async function readBase(host: string): Promise<BaseSigns> {
  const built = await builtTags(host);
  if (built.length >= 2)
    return { built, registry: undefined, mirror: { why: 'not asked' }, canBootstrap: false };
  const installable = process.getuid?.() === 0 && (await findProgram('apt-get')) !== undefined;
  const [registry, mirror] = await Promise.all([askRegistry(host), askMirror()]);
  return {
    built,
    registry,
    mirror,
    canBootstrap: installable || (await findProgram('mmdebstrap')) !== undefined,
    proxied: ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => process.env[name]),
  };
}
