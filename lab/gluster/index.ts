/** Observation of GlusterFS over a Shell: the same code for a lab and for a real cluster. Reads only. */
export { gateKeeper } from './gate-keeper.ts';
export { observeVolume } from './observe-volume.ts';
