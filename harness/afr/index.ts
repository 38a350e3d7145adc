/** Replication forensics: what the bricks' own attributes say about each file. */
export * from './advice.ts';
export { changedOf, withName } from './aspect.ts';
export type { Changed, FileInput, ParentView } from './aspect.ts';
export * from './changelog.ts';
export * from './copy.ts';
export * from './direction.ts';
export * from './finalize.ts';
export * from './getfattr.ts';
export * from './image.ts';
export { Inspector, type Inspection, type Judged } from './inspector.ts';
export { parentViewOf } from './parent.ts';
export * from './reads.ts';
export * from './replica-set.ts';
export { judgeSnapshot, judgeVolume } from './snapshot.ts';
export type { JudgedSnapshot, SeenSet } from './snapshot.ts';
export * from './state.ts';
export * from './tables.ts';
export * from './volume-info.ts';
