export { keepMonitoring, scalingNote } from './keep.ts';
export { withOwnAlerting } from './own-alerting.ts';
export { planMonitoring } from './plan.ts';
export { readShipped } from './shipped.ts';
export type { OwnFiles } from './shipped.ts';
