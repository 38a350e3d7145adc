/** The night of the incident with a published gate: the script runs on the node that is to go down, against the real volume. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandGated } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { GATE_BUDGET_SECONDS, ORACLES, site, UPGRADE } from '../sites.ts';

/** A script that sleeps five minutes between two looks sleeps five seconds: as the delay of the incident is shortened. */
const SPEED = 60;

/** For who looks once: right after a reboot, while the clients still wait for the node that went down, nothing is listed yet, and luck decides. */
export const LUCK_OF_ONE_LOOK: Scenario['expect'] = {
  verdict: 'holds',
  broken: [],
  mayBreak: ['gate-honest'],
};

export const specimenNight = (
  name: string,
  layout: 'replica-2' | 'replica-3',
): Pick<Scenario, 'site' | 'procedure' | 'settleSeconds' | 'oracles'> => ({
  site: site({ layout, options: layout === 'replica-2' ? 'defaults' : 'virt' }),
  procedure: commandGated(UPGRADE, {
    name,
    script: readFileSync(join(import.meta.dirname, `../teeth/gates/${name}.sh`), 'utf8'),
    volume: 'vmstore',
    speed: SPEED,
    budgetSeconds: GATE_BUDGET_SECONDS,
  }),
  settleSeconds: 30,
  oracles: ORACLES,
});
