/** Every state that a gate is attacked with, in the order of the report. */
import type { AttackState, StateFor } from './state.ts';
import { AWAY } from './states/away.ts';
import { BLIND } from './states/blind.ts';
import { CHANGING } from './states/changing.ts';
import { COUNTS } from './states/counts.ts';
import { HEAL } from './states/heal.ts';
import { WELL } from './states/well.ts';
import type { AttackSite } from './world.ts';

const ALL: readonly StateFor[] = [...COUNTS, ...BLIND, ...AWAY, ...HEAL, ...CHANGING, ...WELL];

/** Those in which a gate may hang come last: they take their time, and the others need not wait to be printed. */
export function attackStates(site: AttackSite): readonly AttackState[] {
  const states = ALL.map((make) => make(site));
  return [...states.filter((one) => !one.mayHang), ...states.filter((one) => one.mayHang)];
}
