/** The product's own gate against the same states: its observation runs its real shell lines, over the stand-in `ssh`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { judgeGate } from '../../harness/index.ts';
import type {
  AttackSite,
  ExecOutcome,
  Gate,
  GateFacts,
  GateRun,
  NodeName,
  Shell,
} from '../../harness/index.ts';
import { gateFacts } from '../gluster/gate-facts.ts';
import type { Attacked } from './attack.ts';
import { letTimePass, stageEnvironment } from './stage.ts';
import type { Stage } from './stage.ts';

/** A shell on one node of a made-up cluster. */
function stageShell(stage: Stage, site: AttackSite, node: NodeName): Shell {
  const ssh = join(stage.bin, 'ssh');
  return {
    node,
    run: (line, { limitMs, signal }) =>
      new Promise((resolve) => {
        const began = performance.now();
        const child = spawn(ssh, ['-n', node, line], {
          env: stageEnvironment(stage, site),
          stdio: ['ignore', 'pipe', 'pipe'],
          ...(signal === undefined ? {} : { signal }),
        });
        const texts = { stdout: '', stderr: '' };
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => (texts.stdout += chunk));
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => (texts.stderr += chunk));
        const timer = setTimeout(() => {
          child.kill('SIGKILL');
          resolve({ kind: 'timed-out', afterMs: limitMs, ...texts });
        }, limitMs);
        child.on('error', (error) => resolve({ kind: 'cut-off', because: error.message }));
        child.on('close', (code) => {
          clearTimeout(timer);
          resolve(outcome(code, texts, Math.round(performance.now() - began)));
        });
      }),
  };
}

function outcome(
  code: number | null,
  texts: { readonly stdout: string; readonly stderr: string },
  tookMs: number,
): ExecOutcome {
  // ssh itself ends with 255 when it can't connect.
  if (code === null || code === 255)
    return { kind: 'cut-off', because: texts.stderr.trim() || 'it was ended' };
  return { kind: 'exited', exitCode: code, tookMs, ...texts };
}

const CODES = { open: 0, held: 1, refused: 2, unknown: 3 } as const;

/**
 * Asks a gate as often as its stability wants, and no further once a look says no: a later look can't take that back. Looks are dated
 * as far apart as the gate demands instead of waiting.
 */
export function ownGate(gate: Gate): Attacked {
  return async (stage, { site, signal }): Promise<GateRun> => {
    const shells = site.nodes.map((node) => stageShell(stage, site, node));
    const { looks: wanted, spanMs } = gate.stability;
    const looks: GateFacts[] = [];
    for (;;) {
      const facts = await gateFacts(
        shells,
        site.volume,
        gate.profile,
        signal === undefined ? {} : { signal },
      );
      const atMs = Math.round((looks.length * spanMs) / Math.max(1, wanted - 1));
      looks.push({ ...facts, atMs });
      const answer = judgeGate(gate, { node: site.asked, waivers: [] }, looks);
      const settled = answer.rulings.every((one) => one.decision.kind === 'open');
      if (looks.length >= wanted || !settled) {
        return {
          kind: 'ended',
          exitCode: CODES[answer.kind],
          stdout: answer.sentences.map((one) => `${one}\n`).join(''),
          stderr: '',
        };
      }
      letTimePass(stage);
    }
  };
}
