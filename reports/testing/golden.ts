/** Pictures that are kept, so that a change of any pixel is seen by somebody. For tests only. */
import { join } from 'node:path';
import { timelineSvg } from '../timeline.ts';
import { gatedNight, incidentNight, replica3Night } from './nights.ts';

export const goldenPath = (name: string): string =>
  join(import.meta.dirname, '../timeline/golden', `${name}.svg`);

export const GOLDEN: ReadonlyMap<string, () => string> = new Map([
  [
    'incident',
    () =>
      timelineSvg(incidentNight(), {
        title: 'The incident: two copies and a fixed delay',
        told: {
          kind: 'broken',
          expected: 'broken',
          because: 'Both router disks went into split-brain when pve2 was rebooted with heals still pending.',
        },
      }),
  ],
  ['sole-good-copy', () => timelineSvg(replica3Night())],
  [
    'gated',
    () =>
      timelineSvg(gatedNight(), {
        told: { kind: 'holds', expected: 'holds', because: 'Nobody outside noticed.' },
      }),
  ],
  ['killed', () => timelineSvg(incidentNight(60))],
]);
