/** Installs Debian packages, telling what happens, without starting their services. */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { runCommand, tailOf } from '../host/index.ts';

export type Say = (line: string) => void;

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Keeps package scripts from starting services while held, if nobody else has a policy there already.
 * The policy asks for this very process, so it is void as soon as we are gone, even by SIGKILL.
 */
async function keepServicesDown(): Promise<AsyncDisposable> {
  const script = `#!/bin/sh\n# Healproof, only while it installs\n[ -d /proc/${process.pid} ] && exit 101\nexit 0\n`;
  await rmStale(POLICY);
  const ours = await writeFile(POLICY, script, { flag: 'wx', mode: 0o755 }).then(
    () => true,
    () => false,
  );
  return { [Symbol.asyncDispose]: async () => (ours ? rm(POLICY, { force: true }) : undefined) };
}

/** One of ours whose process was killed while it installed. */
async function rmStale(path: string): Promise<void> {
  const said = await readFile(path, 'utf8').catch(() => '');
  const pid = /^# Healproof, .*\n\[ -d \/proc\/(\d+) \]/m.exec(said)?.[1];
  if (pid !== undefined && !existsSync(`/proc/${pid}`)) await rm(path, { force: true });
}

const APT = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120'];
const LIMIT_MS = 10 * 60_000;

/** Lines of apt that tell a waiting person something. */
const worthSaying = (line: string): boolean => /^(Get:|Fetched|Unpacking|Setting up|E:|W:|Err:)/.test(line);

/** `apt-get update` and `install`. Needs root. Throws with apt's last words. */
export async function installPackages(
  packages: readonly string[],
  { say, why }: { say: Say; why: string },
): Promise<void> {
  say(`installing ${packages.join(' ')} with apt-get: ${why}`);
  await using scope = new AsyncDisposableStack();
  scope.use(await keepServicesDown());
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (worthSaying(line)) say(`  ${line}`);
  };
  const update = await runCommand([...APT, 'update'], { limitMs: LIMIT_MS, env, onLine });
  // An update that fails may leave lists that are good enough: installing decides.
  const install = await runCommand([...APT, 'install', '--no-install-recommends', ...packages], {
    limitMs: LIMIT_MS,
    env,
    onLine,
  });
  if (install.code === 0) return;
  const updateToo = update.code === 0 ? '' : `\napt-get update before it ${tailOf(update)}`;
  // the reason stands in the one stream, its consequence in the other
  const told = lines.slice(-20).join('\n');
  throw new Error(
    `installing ${packages.join(' ')} (${why}): apt-get install ended with ${install.code ?? 'its time up'}:\n${told}${updateToo}\nCheck the package sources in /etc/apt, then try again.`,
  );
}
