/** Who works on an engine right now, by the labels of what they have made there. */
import { askEngine } from './http.ts';
import { commandLine } from './procs.ts';

export interface EngineUser {
  readonly run: string;
  /** Made the run's things, and lives. */
  readonly pid: number;
}

interface Labelled {
  readonly Labels: Readonly<Record<string, string>> | null;
}

const LOOK_MS = 10_000;
const FILTERS = encodeURIComponent(JSON.stringify({ label: ['healproof.run'] }));

/** Runs of living processes other than `self`. None where the engine does not answer: it serves nobody then. */
export async function usersOf(host: string, self: number): Promise<readonly EngineUser[]> {
  const [containers, networks] = await Promise.all([
    labelled(host, `/containers/json?all=1&filters=${FILTERS}`),
    labelled(host, `/networks?filters=${FILTERS}`),
  ]);
  const users = new Map<string, EngineUser>();
  for (const { Labels: labels } of [...containers, ...networks]) {
    const [run, pid] = [labels?.['healproof.run'], Number(labels?.['healproof.pid'])];
    if (run === undefined || pid === self || users.has(run)) continue;
    if (await lives(pid)) users.set(run, { run, pid });
  }
  return [...users.values()];
}

async function labelled(host: string, path: string): Promise<readonly Labelled[]> {
  try {
    const { status, text } = await askEngine(host, { path, limitMs: LOOK_MS });
    return status === 200 ? (JSON.parse(text) as readonly Labelled[]) : [];
  } catch {
    return [];
  }
}

/** A zombie has no command line. */
const lives = async (pid: number): Promise<boolean> => pid > 0 && (await commandLine(pid)).length > 0;
