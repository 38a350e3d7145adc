/** The door to this room; what asks a real cluster has one of its own. */
export * from './on-site.ts';
export { attack, attackCommand, CannotAttack, ownGate } from './adversary/index.ts';
export { nodeAddresses } from './cluster/addresses.ts';
export { collectLines, inspectCollected } from './collected/index.ts';
export { ContainerLab } from './container-lab.ts';
export { attach, Engine, findOurs, isAlive, memoryOfRun, remove, sweepRun } from './docker/index.ts';
export type { Attached, Leftover } from './docker/index.ts';
export { readEscalation } from './escalation/index.ts';
export {
  doctor,
  doctorExitCode,
  doctorText,
  engineStatus,
  ensureEngine,
  findEngine,
  SetupNeeded,
  stopEngine,
} from './engine/index.ts';
export { runCommand } from './host/index.ts';
export { currentTags, removeOldImages } from './images/index.ts';
export { kitFrom, prepareKit } from './kit.ts';
export type { KitFacts } from './kit.ts';
export { withOwnAlerting } from './monitoring/index.ts';
export { labOpener } from './open-lab.ts';
export { removeOldProducts } from './product/index.ts';
export { removeOldGuestStates } from './vm/saved-state.ts';
