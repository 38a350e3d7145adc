export * from './connection.ts';
export * from './identities.ts';
