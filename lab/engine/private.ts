/** Healproof's own engine: started when there is none, survives the run, is found again by the next one. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram } from '../host/index.ts';
import { allowLabFrames, makeBridge } from './bridges.ts';
import { explainLog } from './explain.ts';
import type { EngineFacts } from './find.ts';
import { askFacts } from './find.ts';
import { bridgeName, engineFlags, freeBridgeAddress } from './flags.ts';
import type { Say } from './install.ts';
import type { EnginePaths } from './paths.ts';
import { commandLine, isProgram, readRoutes } from './procs.ts';

const START_LIMIT_MS = 60_000;

/** The pid of our dockerd: its pid file names it and its command line names our socket. Otherwise undefined. */
export async function ownPid(paths: EnginePaths): Promise<number | undefined> {
  const pid = Number((await readFile(paths.pid, 'utf8').catch(() => '')).trim());
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const line = await commandLine(pid);
  return isProgram(line, 'dockerd') && line.some((argument) => argument.endsWith(`unix://${paths.socket}`))
    ? pid
    : undefined;
}

async function tailOfLog(path: string, lines: number): Promise<string> {
  const log = await readFile(path, 'utf8').catch(() => '');
  return log.trimEnd().split('\n').slice(-lines).join('\n');
}

/** What a start that failed looks like to the person who has to do something about it. */
async function notStarted(paths: EnginePaths, what: string): Promise<Error> {
  const tail = await tailOfLog(paths.log, 25);
  const cause = explainLog(tail);
  const known = cause ? `\nLikely cause: ${cause.because}.\nWhat to do: ${cause.fix}` : '';
  return new Error(
    `starting a Docker Engine at ${paths.socket}: ${what}${known}\nEnd of ${paths.log}:\n${tail}`,
  );
}

/** Makes the bridge that the engine is started with. */
async function prepareNetwork(paths: EnginePaths, say: Say): Promise<void> {
  const bridge = bridgeName(paths);
  const address = freeBridgeAddress(await readRoutes(), bridge);
  if (address === undefined)
    throw new Error(
      'starting a Docker Engine: no /24 inside 198.19.0.0/16 is free on this machine. See: ip route',
    );
  await makeBridge(bridge, address);
  const whyNot = await allowLabFrames();
  if (whyNot !== undefined) say(`no rule for frames of labs was added: ${whyNot}`);
}

/** Waits until the engine answers, or its process ends, or time is up. */
async function untilItAnswers(paths: EnginePaths, hasEnded: () => string | undefined): Promise<EngineFacts> {
  const candidate = {
    kind: 'private',
    host: `unix://${paths.socket}`,
    from: "Healproof's own engine",
    explicit: false,
  } as const;
  const deadline = performance.now() + START_LIMIT_MS;
  let last = 'it has not answered yet';
  while (performance.now() < deadline) {
    const ended = hasEnded();
    if (ended !== undefined) throw await notStarted(paths, ended);
    try {
      return await askFacts(candidate);
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await pause(200);
  }
  throw await notStarted(paths, `it does not answer after ${START_LIMIT_MS / 1000} s: ${last}`);
}

/** Starts dockerd (as root) and returns when it answers. The caller holds the lock of `paths`. */
export async function startPrivateEngine(paths: EnginePaths, say: Say): Promise<EngineFacts> {
  const running = await ownPid(paths);
  if (running !== undefined) {
    say(`waiting for the engine that is just starting (process ${running})`);
    return untilItAnswers(paths, () => undefined);
  }
  const dockerd = await findProgram('dockerd');
  if (dockerd === undefined) throw new Error('bug: starting an engine before dockerd is installed');
  await mkdir(paths.folder, { recursive: true });
  // Leftovers of an engine that was killed: dockerd refuses a pid file whose number another program has by now.
  await rm(paths.pid, { force: true });
  await rm(paths.socket, { force: true });
  await prepareNetwork(paths, say);

  say(`starting a Docker Engine of our own at ${paths.socket} (log: ${paths.log})`);
  const log = await open(paths.log, 'w');
  let ended: string | undefined;
  const child = spawn(dockerd, engineFlags(paths), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
  });
  child.once('error', (error) => (ended = `dockerd could not be run: ${error.message}`));
  child.once('exit', (code, signal) => (ended = `dockerd ended with ${code ?? signal}`));
  try {
    const facts = await untilItAnswers(paths, () => ended);
    say(`Docker Engine ${facts.version} is up; it stays until: healproof engine stop`);
    return facts;
  } finally {
    await log.close();
    child.removeAllListeners();
    child.unref();
  }
}
