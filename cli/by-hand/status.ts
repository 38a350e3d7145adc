/** `healproof status`: which labs stand, by their state files and by what the engine has. */
import { findOurs } from '../../lab/index.ts';
import type { Engine, Leftover } from '../../lab/index.ts';
import { folderOf, keeperLives, labStates, messageOf, ownerLives, seconds } from './labs.ts';
import type { LabState, Talk } from './labs.ts';

export interface StatusOptions extends Talk {
  readonly json?: boolean;
}

export interface LabRow {
  readonly run: string;
  /** `by-hand`: kept by `up`; `run`: made by another command, such as replay. */
  readonly kind: 'by-hand' | 'run';
  readonly state: 'ready' | 'being built' | 'being given up' | 'keeper gone' | 'running' | 'left over';
  /** Why the keeper gave it up. */
  readonly error?: string;
  readonly pid: number;
  readonly since?: number;
  readonly layout?: string;
  readonly options?: string;
  readonly diskErrorPolicy?: string;
  readonly machines: LabState['machines'];
  readonly folder?: string;
  /** What the engine has of it. */
  readonly things: Readonly<Record<Leftover['kind'], number>>;
}

/** Always 0, unless the engine can't be asked. */
export async function statusCommand(
  { json = false, say, complain }: StatusOptions,
  engine: Engine,
): Promise<0 | 1> {
  try {
    const rows = labRows(labStates(), await findOurs(engine), { keeper: keeperLives, owner: ownerLives });
    if (json) say(JSON.stringify({ labs: rows }, null, 2));
    else for (const line of statusLines(rows, Date.now())) say(line);
    return 0;
  } catch (error) {
    complain(`status: ${messageOf(error)}`);
    return 1;
  }
}

interface Lives {
  readonly keeper: (lab: Pick<LabState, 'run' | 'pid'>) => boolean;
  readonly owner: (pid: number) => boolean;
}

/** Pure: state files and things on the engine, put together by run. */
export function labRows(
  states: readonly LabState[],
  things: readonly Leftover[],
  lives: Lives,
): readonly LabRow[] {
  const byRun = Map.groupBy(things, ({ run }) => run);
  const count = (run: string): LabRow['things'] => {
    const of = (kind: Leftover['kind']): number =>
      (byRun.get(run) ?? []).filter((thing) => thing.kind === kind).length;
    return { container: of('container'), network: of('network'), volume: of('volume') };
  };
  const kept = new Set(states.map(({ run }) => run));
  return [
    ...states.map((lab): LabRow => {
      const { run, pid, since, spec, machines } = lab;
      const state = lives.keeper(lab) ? stateOf(lab) : 'keeper gone';
      const { layout, options } = spec.volume;
      return {
        run,
        kind: 'by-hand',
        state,
        ...(lab.error === undefined ? {} : { error: lab.error }),
        pid,
        since,
        layout,
        options,
        diskErrorPolicy: spec.diskErrorPolicy,
        machines,
        folder: folderOf(run),
        things: count(run),
      };
    }),
    ...[...byRun]
      .filter(([run]) => !kept.has(run))
      .map(([run, of]): LabRow => {
        const pid = of[0]?.pid ?? 0;
        const state = lives.owner(pid) ? 'running' : 'left over';
        return { run, kind: 'run', state, pid, machines: [], things: count(run) };
      }),
  ];
}

const stateOf = ({ ready, error }: LabState): LabRow['state'] =>
  error === undefined ? (ready ? 'ready' : 'being built') : 'being given up';

export function statusLines(rows: readonly LabRow[], nowMs: number): readonly string[] {
  if (rows.length === 0) return ['No lab is up. Bring one up: healproof up'];
  return rows.flatMap((row) => {
    const { container, network, volume } = row.things;
    const site =
      row.layout === undefined ? '' : `, ${row.layout} ${row.options}, disk errors: ${row.diskErrorPolicy}`;
    const since = row.since === undefined ? '' : `, started ${seconds(nowMs - row.since)} ago`;
    const gone = row.state === 'keeper gone' || row.state === 'left over';
    return [
      `${row.run}: ${row.state}${site}${since}, process ${row.pid}`,
      ...(row.error === undefined ? [] : [`  ${row.error}`]),
      `  ${container} containers, ${network} networks, ${volume} volumes`,
      ...row.machines.map(({ name, container: id, lan }) =>
        `  ${name.padEnd(12)} ${(lan ?? '').padEnd(15)} ${id}`.trimEnd(),
      ),
      ...(gone ? ['  nobody looks after it; remove it with: healproof prune'] : []),
    ];
  });
}
