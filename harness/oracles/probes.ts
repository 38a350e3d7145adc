/** Probe events as one stream of samples per prober and target. */
import type { History, Prober } from '../model/event.ts';
import { FAILED, OK } from './outages.ts';
import { Samples } from './samples.ts';

export interface ProbeStream {
  readonly by: Prober;
  readonly target: string;
  readonly samples: Samples;
}

export function probeStreams(history: History, by: readonly Prober[]): readonly ProbeStream[] {
  const streams = new Map<string, ProbeStream>();
  for (const event of history) {
    if (event.kind !== 'probe' || !by.includes(event.by)) continue;
    const key = `${event.by} ${event.target}`;
    let stream = streams.get(key);
    if (stream === undefined) {
      stream = { by: event.by, target: event.target, samples: new Samples() };
      streams.set(key, stream);
    }
    stream.samples.push(event.atMs, event.ok ? OK : FAILED, event.seq);
  }
  return [...streams.values()].sort((a, b) => (`${a.by} ${a.target}` < `${b.by} ${b.target}` ? -1 : 1));
}
