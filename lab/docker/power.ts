/** Power of machines: what ends and what starts again. Only machines with our label. */
import { statusOf } from './connection.ts';
import type { Engine } from './connection.ts';
import { mustBeOurs, OURS } from './labels.ts';
import type { Machine } from './machines.ts';
import { networkTurn } from './network-turn.ts';

async function ours(engine: Engine, machine: Machine) {
  const container = engine.api.getContainer(machine.id);
  const info = await container.inspect();
  mustBeOurs(`container ${machine.name}`, info.Config.Labels);
  return { container, info };
}

/** Power on. Already on is fine. */
export async function powerOn(engine: Engine, machine: Machine): Promise<void> {
  const { container } = await ours(engine, machine);
  const turnOver = await networkTurn();
  try {
    await container.start();
  } catch (error) {
    if (statusOf(error) !== 304) throw error;
  } finally {
    turnOver();
  }
}

/** Host port on 127.0.0.1 behind which a published container port listens now. */
export async function publishedPort(engine: Engine, machine: Machine, port: number): Promise<number> {
  const { info } = await ours(engine, machine);
  const hostPort = info.NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
  if (hostPort === undefined) throw new Error(`port ${port} of ${machine.hostname} is not published`);
  return Number(hostPort);
}

export interface PowerChange {
  readonly machine: string;
  readonly change: 'start' | 'die';
  readonly epochMs: number;
}

/** Calls `see` for every start and end of a machine of this run until the signal aborts. */
export async function watchPower(
  engine: Engine,
  run: string,
  see: (change: PowerChange) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await engine.api.getEvents({
    filters: { type: ['container'], event: ['start', 'die'], label: [`${OURS}.run=${run}`] },
  });
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.trim() !== '')) {
      const event = JSON.parse(line) as {
        Action: 'start' | 'die';
        timeNano: number;
        Actor: { Attributes: { name: string } };
      };
      see({
        machine: event.Actor.Attributes.name,
        change: event.Action,
        epochMs: Math.round(event.timeNano / 1e6),
      });
    }
  });
  stream.on('error', () => undefined); // the engine is gone; whoever uses it next says so
  const close = (): void => {
    if ('destroy' in stream) (stream as { destroy(): void }).destroy();
  };
  if (signal.aborted) close();
  signal.addEventListener('abort', close, { once: true });
}
