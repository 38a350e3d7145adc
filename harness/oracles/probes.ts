/** Probe events as one stream of samples per prober and target. */
import type { EventOf, History, Prober } from '../model/event.ts';
import { FAILED, OK } from './outages.ts';
import { Samples } from './samples.ts';

export interface ProbeStream {
  readonly by: Prober;
  readonly target: string;
  readonly samples: Samples;
}

/** A SYN that was lost is sent again after 1 s (RFC 6298, section 2.1). */
const SENT_AGAIN_MS = 1000;

/**
 * A probe is about the moment when it was sent, but for one that got through only when it was sent again: the first try was lost, so it proves
 * an open way when it was answered, and none before.
 */
const provesAtMs = ({ ok, atMs, tookMs }: EventOf<'probe'>): number =>
  ok && tookMs >= SENT_AGAIN_MS ? atMs + tookMs : atMs;

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
    stream.samples.push(provesAtMs(event), event.ok ? OK : FAILED, event.seq);
  }
  return [...streams.values()].sort((a, b) => (`${a.by} ${a.target}` < `${b.by} ${b.target}` ? -1 : 1));
}
