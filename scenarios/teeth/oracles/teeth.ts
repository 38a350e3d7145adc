/** All planted bugs for the oracles. */
import { CONDUCT_TEETH } from './conduct.ts';
import { DATA_TEETH } from './data.ts';
import { DOUBT_TEETH } from './doubts.ts';
import { LOST_WRITES_TEETH } from './lost-writes.ts';
import { PEOPLE_TEETH } from './people.ts';
import { SERVICE_TEETH } from './service.ts';
import type { Tooth } from './tooth.ts';

export const TEETH: readonly Tooth[] = [
  ...LOST_WRITES_TEETH,
  ...DATA_TEETH,
  ...SERVICE_TEETH,
  ...PEOPLE_TEETH,
  ...CONDUCT_TEETH,
  ...DOUBT_TEETH,
];
