/** A second door, for whoever only asks a real cluster: it loads no engine, no images and no lab. */
export { realClock } from './clock.ts';
export {
  canaryCommands,
  flyCanary,
  gateCommands,
  gateFacts,
  gateKeeper,
  glance,
  lookAtBricks,
  questions,
  theVolume,
  volumesOf,
} from './gluster/index.ts';
export type { BricksLook, FoundVolume } from './gluster/index.ts';
export {
  keepLease,
  leaseFacts,
  LEASE_COMMANDS,
  newToken,
  releaseLease,
  renewLease,
  showLease,
  takeLease,
} from './lease/index.ts';
export type { Lease, Outcome as LeaseOutcome, Wish as LeaseWish } from './lease/index.ts';
export { lookAround, openSite } from './site/index.ts';
export type { Site } from './site/index.ts';
