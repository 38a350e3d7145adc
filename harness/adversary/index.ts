/** The gate adversary: made-up clusters with a known truth, and what a gate makes of them. */
export { DEFAULT_SITE, castOf } from './world.ts';
export type { AttackSite, World } from './world.ts';
export type { CliAnswer, CliQuestion } from './answer.ts';
export { answerTo, lockTaken, questionsOf } from './answers.ts';
export { nodeFiles } from './node-files.ts';
export type { NodeFile } from './node-files.ts';
export { machineOf } from './world.ts';
export type { AttackState } from './state.ts';
export { attackStates } from './states.ts';
export * from './score.ts';
export * from './report.ts';
