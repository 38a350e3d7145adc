/** `healproof gate`, and what the exporter has in common with it. */
export { gateCommand } from './command.ts';
export { lookAt } from './look.ts';
export { isIn, waiversOf } from './waivers.ts';
