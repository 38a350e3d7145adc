/** What of this machine matters to a lab, and what to do where it falls short. */
import { access, readFile, statfs } from 'node:fs/promises';
import { findEngine } from './find.ts';
import type { Env } from './paths.ts';
import { cacheFolder } from './paths.ts';
import { formatCidr, overlaps, parseCidr, readRoutes } from './procs.ts';

export interface Finding {
  readonly name: string;
  readonly ok: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What a lab needs it for. */
  readonly why: string;
  /** What to do; empty when there is nothing to do. */
  readonly fix: string;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function engineFindings(env: Env): Promise<readonly Finding[]> {
  const why = 'the lab is made of containers';
  const search = await findEngine(env);
  if (search.kind !== 'found')
    return [
      {
        name: 'engine',
        ok: search.kind === 'refused' ? 'fail' : 'warn',
        found: search.kind === 'refused' ? search.dead.why : 'none answers',
        why,
        fix: search.kind === 'refused' ? 'start it, or unset DOCKER_HOST' : './healproof engine start',
      },
    ];
  const { version, from, cgroupVersion } = search.engine;
  return [
    { name: 'engine', ok: 'ok', found: `Docker Engine ${version} (${from})`, why, fix: '' },
    { name: 'cgroups', ok: 'ok', found: `version ${cgroupVersion}`, why: 'nodes run systemd', fix: '' },
  ];
}

async function deviceFinding(
  path: string,
  why: string,
  missing: 'warn' | 'fail',
  fix: string,
): Promise<Finding> {
  const there = await isThere(path);
  return {
    name: path,
    ok: there ? 'ok' : missing,
    found: there ? 'there' : 'missing',
    why,
    fix: there ? '' : fix,
  };
}

async function spaceFindings(env: Env): Promise<readonly Finding[]> {
  const meminfo = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const memory = Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0) / 2 ** 20;
  const cache = cacheFolder(env);
  const disk = await statfs((await isThere(cache)) ? cache : '/');
  const free = (disk.bavail * disk.bsize) / 2 ** 30;
  const finding = (name: string, gib: number, needed: number, why: string): Finding => ({
    name,
    ok: gib >= needed ? 'ok' : 'warn',
    found: `${gib.toFixed(1)} GiB free`,
    why,
    fix: gib >= needed ? '' : `free ${needed} GiB`,
  });
  return [
    finding('memory', memory, 2, 'one lab takes up to 1.5 GiB'),
    finding('disk', free, 6, 'images and bricks'),
  ];
}

async function rangeFinding(): Promise<Finding> {
  const range = parseCidr('198.18.0.0/16');
  const taken = (await readRoutes()).filter((route) => overlaps(route, range));
  const found = taken.map((route) => `${formatCidr(route)} (${route.device})`).join(', ');
  const why = 'labs take their networks out of 198.18.0.0/16 and leave out what is routed already';
  return {
    name: 'addresses',
    ok: taken.length < 100 ? 'ok' : 'warn',
    found: found || 'all free',
    why,
    fix: '',
  };
}

/** Looks, changes nothing. Never throws for what it finds. */
export async function doctor({ env = process.env }: { env?: Env } = {}): Promise<readonly Finding[]> {
  return [
    { name: 'node', ok: 'ok', found: process.version, why: 'runs TypeScript as it is', fix: '' },
    ...(await engineFindings(env)),
    await deviceFinding('/dev/fuse', 'nodes mount the volume by FUSE', 'fail', 'modprobe fuse'),
    await deviceFinding('/dev/net/tun', "routers' network cards", 'fail', 'modprobe tun'),
    await deviceFinding(
      '/dev/kvm',
      'makes routers quicker; without it QEMU emulates (TCG)',
      'warn',
      'none needed',
    ),
    ...(await spaceFindings(env)),
    await rangeFinding(),
  ];
}

/** 0 when a lab can run, 3 when something has to be done first. */
export const doctorExitCode = (findings: readonly Finding[]): 0 | 3 =>
  findings.some(({ ok }) => ok === 'fail') ? 3 : 0;

const COLOURS = { ok: 32, warn: 33, fail: 31 };

export function doctorText(findings: readonly Finding[], { colour }: { colour: boolean }): string {
  const width = Math.max(0, ...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, ok, found, why, fix }) => {
      const mark = colour ? `\u001B[${COLOURS[ok]}m${ok.padEnd(4)}\u001B[0m` : ok.padEnd(4);
      const todo = fix === '' ? '' : `\n      do: ${fix}`;
      return `${mark}  ${name.padEnd(width)}  ${found}  (${why})${todo}`;
    })
    .join('\n');
}
