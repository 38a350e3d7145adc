export { ensureEngine } from './ensure.ts';
export { findEngine } from './find.ts';
export type { DeadCandidate, EngineFacts, EngineSearch } from './find.ts';
export { engineStatus, readEngineLog, stopEngine } from './stop.ts';
export type { EngineState } from './stop.ts';
export { SetupNeeded } from './setup.ts';
export { cacheFolder, enginePaths } from './paths.ts';
export type { Env } from './paths.ts';
