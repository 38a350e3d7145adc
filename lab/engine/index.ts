export { ensureEngine } from './ensure.ts';
export { findEngine } from './find.ts';
export { engineStatus, stopEngine } from './stop.ts';
export { SetupNeeded } from './setup.ts';
export { doctor, doctorExitCode, doctorText } from '../doctor/index.ts';
