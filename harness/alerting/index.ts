export * from './site-time.ts';
export * from './people.ts';
export * from './policy.ts';
export * from './night.ts';
export * from './incident-people.ts';
export * from './access-graph.ts';
export * from './site-access.ts';
export * from './detection.ts';
