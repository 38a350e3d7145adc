/** Observation of GlusterFS over a Shell: the same code for a lab and for a real cluster. Reads only. */
export { COMMANDS } from './commands.ts';
export type { Command } from './commands.ts';
export { gateFacts, PROXMOX_IMAGES } from './gate-facts.ts';
export type { GateFactsOptions } from './gate-facts.ts';
export { gateKeeper } from './gate-keeper.ts';
export type { KeeperOptions } from './gate-keeper.ts';
export { observeVolume } from './observe-volume.ts';
export type { ObserveOptions } from './observe-volume.ts';
