/** Every fault of the catalogue with its mechanism; the compiler misses one that is left out. */
import type { FaultName } from '../../harness/index.ts';
import { CONFIGURATION_MECHANISMS } from './configuration-mechanisms.ts';
import { DATA_MECHANISMS } from './data-mechanisms.ts';
import { FULL_MECHANISM } from './full-mechanism.ts';
import type { Mechanism } from './mechanism.ts';
import { PORT_MECHANISM } from './port-mechanism.ts';
import { PROCESS_MECHANISMS } from './process-mechanisms.ts';
import { SERVICE_MECHANISMS } from './service-mechanisms.ts';
import { SPLIT_MECHANISMS } from './split-mechanisms.ts';
import { WATCHING_MECHANISMS } from './watching-mechanisms.ts';

export const MECHANISMS: Readonly<Record<FaultName, Mechanism>> = {
  ...PROCESS_MECHANISMS,
  ...CONFIGURATION_MECHANISMS,
  ...DATA_MECHANISMS,
  ...FULL_MECHANISM,
  ...PORT_MECHANISM,
  ...SPLIT_MECHANISMS,
  ...SERVICE_MECHANISMS,
  ...WATCHING_MECHANISMS,
};
