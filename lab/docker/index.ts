export * from './connection.ts';
export * from './labels.ts';
export * from './networks.ts';
export * from './machines.ts';
export * from './power.ts';
export * from './exec.ts';
export * from './sweep.ts';
export * from './janitor.ts';
