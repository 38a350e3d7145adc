/** For tests of every room: histories that go well, and the means to plant bugs in them. */
export * from './drafts.ts';
export * from './night.ts';
export * from './snapshots.ts';
