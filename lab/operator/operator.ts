/** The operator at the workstation: types lines on nodes over SSH, and is cut off when the way there is. */
import type { Action, ExecOutcome, NodeName, StepOutcome } from '../../harness/index.ts';
import { SshConnection } from '../ssh/index.ts';

export interface Workstation {
  readonly host: string;
  readonly port: number;
  readonly privateKey: string;
}

/** How long the operator's ssh tries to connect before saying that it can't. */
const CONNECT_MS = 5000;
const LOOK_EVERY_MS = 500;
/** A shutdown that has not cut the connection by then is not happening. */
const SHUTDOWN_MS = 30_000;

const tail = (text: string): string => text.trimEnd().split('\n').slice(-20).join('\n');

/** Addresses of the nodes on each network by which the operator may come; no `oob` where the site has no backup connection. */
export interface Addresses {
  readonly lan: ReadonlyMap<NodeName, string>;
  readonly oob?: ReadonlyMap<NodeName, string>;
}

export class Operator implements AsyncDisposable {
  readonly #desk: SshConnection;
  readonly #addresses: Addresses;
  readonly #privateKey: string;
  readonly #sessions = new Map<string, SshConnection>();
  readonly #left: SshConnection[] = [];
  #by: keyof Addresses = 'lan';

  private constructor(desk: SshConnection, addresses: Addresses, privateKey: string) {
    this.#desk = desk;
    this.#addresses = addresses;
    this.#privateKey = privateKey;
  }

  /** `addresses`: what the operator's ssh config has for each node. */
  static async sitDown(workstation: Workstation, addresses: Addresses): Promise<Operator> {
    const { host, port, privateKey } = workstation;
    const identities = [{ kind: 'key', privateKey } as const];
    const desk = await SshConnection.open({ host, port, user: 'root', identities, limitMs: 15_000 });
    return new Operator(desk, addresses, workstation.privateKey);
  }

  /** Which of a node's addresses the next sessions go to. For people hours have passed: what was open before is not used again. */
  goBy(network: keyof Addresses): void {
    this.#by = network;
    this.#left.push(...this.#sessions.values());
    this.#sessions.clear();
  }

  /** An SSH session from the workstation to a node, opened anew when the last one was lost. Throws when the node can't be reached. */
  async session(node: NodeName): Promise<SshConnection> {
    const host = this.#addresses[this.#by]?.get(node);
    if (host === undefined) throw new Error(`the operator knows no address of ${node} on ${this.#by}`);
    const open = this.#sessions.get(host);
    if (open !== undefined && open.lost === undefined) return open;
    const through = await this.#desk.forward(host, 22, CONNECT_MS);
    const session = await SshConnection.open({
      host,
      port: 22,
      user: 'root',
      identities: [{ kind: 'key', privateKey: this.#privateKey }],
      limitMs: CONNECT_MS,
      through,
    });
    this.#sessions.set(host, session);
    return session;
  }

  async type(node: NodeName, line: string, limitMs: number, signal: AbortSignal): Promise<ExecOutcome> {
    try {
      const session = await this.session(node);
      return await session.exec(line, { limitMs, signal });
    } catch (error) {
      return { kind: 'cut-off', because: error instanceof Error ? error.message : String(error) };
    }
  }

  async operate(action: Action, signal: AbortSignal): Promise<StepOutcome> {
    if (action.kind === 'type') {
      const { on, line, limitSeconds } = action;
      return stepOutcome(await this.type(on, line, limitSeconds * 1000, signal), limitSeconds);
    }
    if (action.kind === 'reboot') return this.#reboot(action.node, action.limitSeconds * 1000, signal);
    throw new Error(`bug: the operator does not carry out "${action.kind}"`);
  }

  async #reboot(node: NodeName, limitMs: number, signal: AbortSignal): Promise<StepOutcome> {
    const said = await this.type(node, 'systemctl reboot', 15_000, signal);
    if (said.kind === 'exited' && said.exitCode !== 0)
      return { kind: 'failed', exitCode: said.exitCode, output: tail(said.stdout + said.stderr) };
    const session = this.#sessions.get(this.#addresses[this.#by]?.get(node) ?? '');
    if (session === undefined)
      return { kind: 'cut-off', because: said.kind === 'cut-off' ? said.because : 'no session' };
    if (!(await wait(() => session.lost !== undefined, SHUTDOWN_MS, signal)))
      return {
        kind: 'given-up',
        because: `${node} did not go down within ${SHUTDOWN_MS / 1000} s of its reboot command`,
      };
    const began = performance.now();
    let last = '';
    const answered = await wait(
      async () => {
        const hello = await this.type(node, 'true', CONNECT_MS, signal);
        if (hello.kind === 'exited') return true;
        last = hello.kind === 'cut-off' ? hello.because : 'no answer';
        return false;
      },
      limitMs,
      signal,
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    return answered
      ? { kind: 'done', output: `${node} answers again after ${seconds} s` }
      : {
          kind: 'given-up',
          because: `${node} did not answer within ${limitMs / 1000} s after it went down: ${last}`,
        };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [...this.#left, ...this.#sessions.values()]) await session[Symbol.asyncDispose]();
    await this.#desk[Symbol.asyncDispose]();
  }
}

function stepOutcome(outcome: ExecOutcome, limitSeconds: number): StepOutcome {
  switch (outcome.kind) {
    case 'exited': {
      const output = tail(outcome.stdout + outcome.stderr);
      return outcome.exitCode === 0
        ? { kind: 'done', output }
        : { kind: 'failed', exitCode: outcome.exitCode, output };
    }
    case 'timed-out':
      return {
        kind: 'given-up',
        because: `did not end within ${limitSeconds} s: ${tail(outcome.stdout + outcome.stderr)}`,
      };
    case 'cut-off':
      return { kind: 'cut-off', because: outcome.because };
  }
}

async function wait(
  met: () => boolean | Promise<boolean>,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await met())) {
    if (signal.aborted || performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
