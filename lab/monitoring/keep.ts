/** The monitoring's files in the bundle, so that a later reader sees which rules were in force. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAB_CLOCK } from './plan.ts';
import type { FileAt, MonitoringPlan } from './plan.ts';

export function keepMonitoring(kept: readonly FileAt[], bundle: string): void {
  for (const { path, text } of kept) {
    const target = join(bundle, 'monitoring', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** One line for the history and for whoever watches. */
export const scalingNote = ({ clamped }: Pick<MonitoringPlan, 'clamped'>): string =>
  `monitoring: all durations are ${LAB_CLOCK.factor} times shorter than shipped` +
  (clamped.length === 0 ? '' : `, but for ${clamped.length}: ${clamped.join('; ')}`);
