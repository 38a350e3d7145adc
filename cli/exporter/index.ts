/** `healproof exporter`. */
export { exporterCommand } from './command.ts';
