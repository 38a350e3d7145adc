/** Samples in the text format of Prometheus. The only place that knows prom-client. */
import { Gauge, Registry } from 'prom-client';
import { METRICS } from '../../harness/index.ts';
import type { Sample } from '../../harness/index.ts';

/** As `Content-Type` of what `textOf` answers. */
export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** A metric without a sample is not named either: in a textfile it would be an empty promise. */
export async function textOf(samples: readonly Sample[]): Promise<string> {
  // A registry of its own each time: what is not told any more must not live on in it.
  const registry = new Registry();
  for (const { name, labels, help } of METRICS) {
    const told = samples.filter((one) => one.name === name);
    if (told.length === 0) continue;
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const one of told) gauge.set({ ...one.labels }, one.value);
  }
  return registry.metrics();
}
