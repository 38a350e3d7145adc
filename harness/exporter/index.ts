/** The gate's facts as metrics. */
export { exported, NOTHING_SEEN } from './exporter.ts';
export type { Exported, Exporting, Memory } from './exporter.ts';
export { METRICS, metricsTable } from './metrics.ts';
export type { Sample } from './metrics.ts';
export { exporterGate } from './of-gate.ts';
