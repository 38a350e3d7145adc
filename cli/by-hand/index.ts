export { downCommand } from './down.ts';
export { pruneCommand } from './prune.ts';
export { sshCommand } from './ssh.ts';
export { statusCommand } from './status.ts';
export { upCommand } from './up.ts';
export { labStates, sshFolderOf, theLab } from './labs.ts';
