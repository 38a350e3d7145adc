/** This very machine as a node: for an exporter that runs on it and asks nobody else. */
import { hostname } from 'node:os';
import { node } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { runCommand } from '../host/index.ts';

export const localShell = (name = hostname().split('.')[0] ?? 'localhost'): Shell => ({
  node: node(name),
  run: async (line, { limitMs }) => {
    const began = performance.now();
    const { code, stdout, stderr, timedOut } = await runCommand(['sh', '-c', line], { limitMs });
    if (timedOut) return { kind: 'timed-out', stdout, stderr, afterMs: limitMs };
    if (code === null) return { kind: 'cut-off', because: 'a signal ended the shell' };
    return { kind: 'exited', exitCode: code, stdout, stderr, tookMs: performance.now() - began };
  },
});
