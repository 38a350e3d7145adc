/** Observation of GlusterFS over a Shell: the same code for a lab and for a real cluster. Reads only. */
export { canaryCommands, flyCanary } from './canary.ts';
export { gateFacts } from './gate-facts.ts';
export { gateKeeper } from './gate-keeper.ts';
export { glance } from './glance.ts';
export { questions } from './gate-question.ts';
export { gateCommands } from './print-commands.ts';
export { isLockTaken, untilUnlocked } from './locked.ts';
export { lookAtBricks } from './look-at-bricks.ts';
export type { BricksLook } from './look-at-bricks.ts';
export { observeVolume } from './observe-volume.ts';
export { theVolume, volumesOf } from './volumes.ts';
export type { FoundVolume } from './volumes.ts';
