/** Replication forensics: what the bricks' own attributes say about each file. */
export * from './advice.ts';
export { dataBricks, type FileInput, type Ledger, type ParentView } from './aspect.ts';
export * from './changelog.ts';
export * from './copy.ts';
export * from './direction.ts';
export { biggerFile, favoriteChild, latestMtime } from './favorite.ts';
export * from './finalize.ts';
export * from './getfattr.ts';
export * from './image.ts';
export { judgeFile } from './judge.ts';
export { parentViewOf } from './parent.ts';
export * from './reads.ts';
export * from './replica-set.ts';
export * from './state.ts';
export * from './tables.ts';
export * from './volume-info.ts';
