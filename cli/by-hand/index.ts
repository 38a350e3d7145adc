export { downCommand, type DownOptions } from './down.ts';
export { pruneCommand, type PruneOptions } from './prune.ts';
export { sshCommand, type SshOptions } from './ssh.ts';
export { statusCommand, type StatusOptions } from './status.ts';
export { upCommand, type UpOptions } from './up.ts';
