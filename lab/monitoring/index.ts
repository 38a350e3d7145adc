export { keepMonitoring } from './keep.ts';
export { withOwnAlerting } from './own-alerting.ts';
export type { OwnFiles } from './shipped.ts';
