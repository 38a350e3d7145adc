/** The monitoring of a lab that is being opened: planned, kept in the bundle so that a later reader sees which rules were in force. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventBody, SiteSpec } from '../../harness/index.ts';
import type { NetworkPlan } from '../network/plan.ts';
import { LAB_CLOCK, planMonitoring } from './plan.ts';
import type { MonitoringPlan } from './plan.ts';
import { readShipped } from './shipped.ts';
import type { OwnFiles } from './shipped.ts';

const FOLDER = 'monitoring';

/** `bundle`: folder of the run. What is to be said of it comes back as events. @throws CannotScale with file and line */
export function keepMonitoring(
  own: OwnFiles | undefined,
  spec: SiteSpec,
  plan: NetworkPlan,
  bundle: string,
  exporter: boolean,
): Pick<MonitoringPlan, 'files'> & { readonly says: readonly EventBody[] } {
  const { files, kept, clamped } = planMonitoring(readShipped(own), spec, plan, exporter);
  for (const { path, text } of kept) {
    const target = join(bundle, FOLDER, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return {
    files,
    says: [
      { kind: 'collected', what: 'configuration of the monitoring, shipped and scaled', path: FOLDER },
      { kind: 'note', text: scalingNote(clamped) },
    ],
  };
}

const scalingNote = (clamped: readonly string[]): string =>
  `monitoring: all durations are ${LAB_CLOCK.factor} times shorter than shipped` +
  (clamped.length === 0 ? '' : `, but for ${clamped.length}: ${clamped.join('; ')}`);
