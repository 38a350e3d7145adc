/** SSH as an operator uses it. The only place that knows ssh2. */
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client, ConnectConfig } from 'ssh2';
import type { ExecOutcome } from '../../harness/index.ts';

/** An ed25519 key pair in OpenSSH's formats, made for one lab and thrown away with it. */
export function makeKeyPair(): { privateKey: string; publicKey: string } {
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'healproof-lab' });
  return { privateKey: pair.private, publicKey: pair.public };
}

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** For the TCP connection, the handshake and the authentication together. */
  readonly limitMs: number;
  /** A connection that is there already (through another host). */
  readonly through?: Duplex;
}

const outcomeOf = (error: Error & { level?: string }): string =>
  error.level === undefined ? error.message : `${error.message} (${error.level})`;

/** One connection with many channels. A cut network is noticed within about three seconds. */
export class SshConnection implements AsyncDisposable {
  readonly #client: Client;
  readonly #target: string;
  #lost: string | undefined;
  readonly #onLost = new Set<(because: string) => void>();

  private constructor(client: Client, target: string) {
    this.#client = client;
    this.#target = target;
    // An 'error' without a listener would end the process; a lost connection is an outcome, not a crash.
    client.on('error', (error) => this.#lose(outcomeOf(error)));
    // Through another host only 'end' comes when the far side goes away; the channel stays half open until we close it.
    client.on('end', () => {
      this.#lose('the far side ended the connection');
      client.end();
    });
    client.on('close', () => this.#lose('the connection was closed'));
  }

  static async open({ host, port, user, privateKey, limitMs, through }: SshTarget): Promise<SshConnection> {
    const client = new ssh2.Client();
    const config: ConnectConfig = {
      username: user,
      privateKey,
      readyTimeout: limitMs,
      keepaliveInterval: 1000,
      keepaliveCountMax: 3,
      ...(through === undefined ? { host, port } : { sock: through }),
    };
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.once('error', (error) => reject(new Error(`SSH to ${user}@${host}: ${outcomeOf(error)}`)));
      client.once('close', () => reject(new Error(`SSH to ${user}@${host}: closed before it was ready`)));
      client.connect(config);
    });
    if (through === undefined) client.setNoDelay(true);
    return new SshConnection(client, `${user}@${host}`);
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  #lose(because: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = because;
    for (const tell of this.#onLost) tell(because);
  }

  /** Runs a line in the user's shell. Resolves when the channel closes, the connection is lost, or the limit passes. */
  exec(line: string, { limitMs, signal }: { limitMs: number; signal?: AbortSignal }): Promise<ExecOutcome> {
    const began = performance.now();
    return new Promise((resolve) => {
      let stdout = '';
      let stderr = '';
      let exitCode: number | undefined;
      const finish = (outcome: ExecOutcome): void => {
        clearTimeout(timer);
        this.#onLost.delete(lost);
        resolve(outcome);
      };
      const lost = (because: string): void =>
        finish({ kind: 'cut-off', because: `${this.#target}: ${because}` });
      const timer = setTimeout(
        () => finish({ kind: 'timed-out', afterMs: limitMs, stdout, stderr }),
        limitMs,
      );
      signal?.addEventListener('abort', () => lost('the run was interrupted'), { once: true });
      if (this.#lost !== undefined) return lost(this.#lost);
      this.#onLost.add(lost);
      this.#client.exec(line, (error, channel) => {
        if (error !== undefined) return lost(error.message);
        channel.setEncoding('utf8');
        channel.stderr.setEncoding('utf8');
        channel.on('data', (chunk: string) => (stdout += chunk));
        channel.stderr.on('data', (chunk: string) => (stderr += chunk));
        channel.on('exit', (code: number | null) => (exitCode = code ?? undefined));
        channel.on('close', () =>
          // A machine that goes down closes the channel without an exit code.
          exitCode === undefined
            ? lost('the connection ended before the command did')
            : finish({
                kind: 'exited',
                exitCode,
                stdout,
                stderr,
                tookMs: Math.round(performance.now() - began),
              }),
        );
      });
    });
  }

  /** A TCP connection from the remote host to another one, as `ssh -W` makes it. */
  forward(host: string, port: number, limitMs: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) return reject(new Error(`${this.#target}: ${this.#lost}`));
      const timer = setTimeout(
        () => reject(new Error(`${this.#target}: no connection to ${host}:${port} within ${limitMs} ms`)),
        limitMs,
      );
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        clearTimeout(timer);
        if (error !== undefined) reject(new Error(`${this.#target}: ${host}:${port}: ${error.message}`));
        else resolve(channel);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.end();
    await Promise.resolve();
  }
}
