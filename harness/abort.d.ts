/**
 * How work is called off. The only thing of the platform that the harness knows by itself: it says "stop" and
 * keeps no time. `AbortSignal.timeout` is left out on purpose; deadlines come from the Clock port.
 * Read by harness/tsconfig.json alone; everybody else has it from Node's own types.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare const AbortSignal: {
  abort(reason?: unknown): AbortSignal;
  any(signals: readonly AbortSignal[]): AbortSignal;
};

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare const AbortController: { new (): AbortController };
