/** Every fault, once. */
import type { FaultName } from '../model/fault-name.ts';
import type { Layout } from '../model/site.ts';
import { CONFIGURATION_FAULTS } from './configuration.ts';
import { DATA_FAULTS, ROOM_FAULTS } from './data.ts';
import type { Fault } from './fault.ts';
import { PORT_FAULTS, PROCESS_FAULTS } from './processes.ts';
import { SERVICE_FAULTS } from './service.ts';
import { WATCHING_FAULTS } from './watching.ts';

/** Each family has a lab of its own in the matrix, so that no run takes longer than a few minutes. */
const FAMILIES = {
  service: SERVICE_FAULTS,
  processes: PROCESS_FAULTS,
  ports: PORT_FAULTS,
  data: [...DATA_FAULTS, ...CONFIGURATION_FAULTS, ...ROOM_FAULTS],
  watching: WATCHING_FAULTS,
} as const satisfies Record<string, readonly Fault[]>;
export type Family = keyof typeof FAMILIES;

export const FAULTS: readonly Fault[] = [
  ...FAMILIES.data,
  ...FAMILIES.service,
  ...FAMILIES.processes,
  ...FAMILIES.ports,
  ...FAMILIES.watching,
];

/** In the order in which the matrix plays them. */
export const faultsOf = (family: Family, layout: Layout): readonly Fault[] =>
  FAMILIES[family].filter((fault) => fault.layout === layout);

/** Throws for a name that no fault has: a story that asks for one is wrong from the start. */
export function faultNamed(name: FaultName | (string & {})): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found === undefined)
    throw new Error(
      `there is no fault "${name}"; faults are: ${FAULTS.map((fault) => fault.name).join(', ')}`,
    );
  return found;
}
