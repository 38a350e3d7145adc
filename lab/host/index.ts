export * from './command.ts';
export * from './lock.ts';
