/** The one stream of evidence out of a lab: what every machine wrote, through the recorder, into the journal. */
import { randomUUID } from 'node:crypto';
import { execLine, execStream } from '../docker/index.ts';
import type { Engine, Machine } from '../docker/index.ts';
import { readEvidence } from './events.ts';
import type { Context } from './events.ts';
import type { Tell } from './tell.ts';

export class EvidenceStream implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #recorder: Machine;
  readonly #stop = new AbortController();
  readonly #ready = new Set<string>();
  readonly #marks = new Map<string, () => void>();
  #running: Promise<void> = Promise.resolve();
  #ended: string | undefined;

  constructor(engine: Engine, recorder: Machine) {
    this.#engine = engine;
    this.#recorder = recorder;
  }

  start(tell: Tell, context: Context): void {
    const see = (line: string): void => {
      const seen = readEvidence(line, context);
      if (seen.kind === 'event') tell(seen.body, seen.epochMs);
      else if (seen.kind === 'signal' && seen.ev === 'ready') this.#ready.add(seen.what);
      else if (seen.kind === 'signal') this.#marks.get(seen.what)?.();
      else if (seen.kind === 'unreadable')
        tell({ kind: 'note', text: `evidence that can't be read: ${seen.because}` });
    };
    const command = ['/usr/lib/healproof/tail-evidence', '--from-start'];
    this.#running = execStream(this.#engine, this.#recorder, command, see, this.#stop.signal).then(
      () => {
        this.#ended = 'the recorder ended';
        if (!this.#stop.signal.aborted)
          tell({
            kind: 'aborted',
            because: 'the evidence stream ended: the recorder or the engine is gone',
          });
      },
      (error: unknown) => {
        this.#ended = String(error);
        if (!this.#stop.signal.aborted)
          tell({ kind: 'aborted', because: `the evidence stream broke: ${String(error)}` });
      },
    );
  }

  isReady(who: string): boolean {
    return this.#ready.has(who);
  }

  /** Waits until everything written before this call has come out. False when it does not within the limit. */
  async flush(limitMs: number): Promise<boolean> {
    if (this.#ended !== undefined) return false;
    const token = randomUUID();
    const line = JSON.stringify({ at: Date.now(), ev: 'mark', token });
    const out = new Promise<true>((resolve) => this.#marks.set(token, () => resolve(true)));
    await execLine(this.#engine, this.#recorder, `echo '${line}' >> /evidence/harness.ndjson`, { limitMs });
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), limitMs).unref());
    const flushed = await Promise.race([out, late]);
    this.#marks.delete(token);
    return flushed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
