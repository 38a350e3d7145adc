/** From nothing to an engine that answers. */
import { readFile } from 'node:fs/promises';
import { findProgram, lock } from '../host/index.ts';
import type { DeadCandidate, EngineFacts } from './find.ts';
import { findEngine } from './find.ts';
import type { Say } from './install.ts';
import { installPackages } from './install.ts';
import type { Env } from './paths.ts';
import { enginePaths } from './paths.ts';
import { startPrivateEngine } from './private.ts';
import type { Machine, SetupPlan } from './setup.ts';
import { planEngineSetup, SetupNeeded } from './setup.ts';
import { flawsOfEngine } from './usable.ts';

async function readMachine(): Promise<Machine> {
  return {
    osRelease: await readFile('/etc/os-release', 'utf8').catch(() => ''),
    root: process.getuid?.() === 0,
    hasApt: (await findProgram('apt-get')) !== undefined,
  };
}

/** What this machine needs for an engine of its own. */
export async function planHere(): Promise<SetupPlan> {
  const [machine, dockerd, ip] = await Promise.all([
    readMachine(),
    findProgram('dockerd'),
    findProgram('ip'),
  ]);
  return planEngineSetup(machine, { dockerd: dockerd !== undefined, ip: ip !== undefined });
}

const deadLine = ({ candidate, why }: DeadCandidate): string => `${candidate.from}: ${why}`;

/** Refuses engines that are found but can't hold a lab, before anything is built on them. */
function mustBeUsable(engine: EngineFacts): EngineFacts {
  const [flaw] = flawsOfEngine(engine);
  if (flaw === undefined) return engine;
  throw new SetupNeeded(
    `Docker Engine ${engine.version} (${engine.from}) can't hold a lab: ${flaw.found}; ${flaw.why}.\nWhat to do: ${flaw.fix}`,
    [],
  );
}

/**
 * Finds an engine, or installs and starts one. Throws SetupNeeded when a person has to do something first.
 * `say` gets a line whenever something takes time.
 */
export async function ensureEngine({
  say,
  env = process.env,
}: {
  say: Say;
  env?: Env;
}): Promise<EngineFacts> {
  const search = await findEngine(env);
  if (search.kind === 'found') return mustBeUsable(search.engine);
  if (search.kind === 'refused')
    throw new SetupNeeded(
      `The engine that ${search.dead.candidate.from} names does not answer.\n${search.dead.why}\nStart it, or name another, or unset ${search.dead.candidate.kind === 'env' ? 'DOCKER_HOST' : 'DOCKER_CONTEXT'}.`,
      [],
    );
  const paths = enginePaths(env);
  await using scope = new AsyncDisposableStack();
  scope.use(
    await lock(paths.lock, {
      limitMs: 15 * 60_000,
      what: 'starting a Docker Engine',
      onWait: (holder) => say(`waiting: ${holder} is starting the Docker Engine`),
    }),
  );
  // somebody else may have started it while we waited
  const again = await findEngine(env);
  if (again.kind === 'found') return mustBeUsable(again.engine);
  // a socket that is not there is the normal case; one that is there and silent is news
  for (const dead of search.dead) if (!dead.missing) say(`skipped ${deadLine(dead)}`);
  const plan = await planHere();
  if (plan.kind === 'ask')
    throw new SetupNeeded(
      `${plan.because}\nLooked at:\n${search.dead.map((dead) => `  ${deadLine(dead)}`).join('\n')}`,
      plan.commands,
    );
  if (plan.packages.length > 0)
    await installPackages(plan.packages, { say, why: 'no Docker Engine answers on this machine' });
  // awaited here: a bare return would give the lock back before the engine is up
  return await startPrivateEngine(paths, say);
}
