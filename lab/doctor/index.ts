export { doctor } from './doctor.ts';
export { doctorExitCode, doctorText } from './finding.ts';
