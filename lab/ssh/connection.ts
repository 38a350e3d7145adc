/** SSH as an operator uses it. The only place that knows ssh2. */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client, ClientChannel, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import type { ExecOutcome } from '../../harness/index.ts';
import { authMethods } from './identities.ts';
import type { Identity } from './identities.ts';

/** An ed25519 key pair in OpenSSH's formats, made for one lab and thrown away with it. */
export function makeKeyPair(): { privateKey: string; publicKey: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'healproof-lab' });
    // ssh2 drops a leading zero of the key, which one of 256 has, and then can't read what it wrote.
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error))
      return { privateKey: pair.private, publicKey: pair.public };
  }
}

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Tried in this order. */
  readonly identities: readonly Identity[];
  /** Left out only in a lab, whose nodes were made a moment ago on networks that are its own. */
  readonly hostKey?: HostKeyRule;
  /** `inet` or `inet6`: only addresses of that family. */
  readonly family?: 'inet' | 'inet6';
  /** For the TCP connection, the handshake and the authentication together. */
  readonly limitMs: number;
  /** A connection that is there already (through another host). */
  readonly through?: Duplex;
}

/** The key that a host showed. `type` as in known_hosts, `fingerprint` as ssh-keygen -l prints it. */
export interface HostKey {
  readonly type: string;
  readonly base64: string;
  readonly fingerprint: string;
}

export interface HostKeyRule {
  /** Types of key that are known for the host: asked for first, as ssh does it, so that a known key is the one that is shown. */
  readonly known: readonly string[];
  /** Undefined when the key is the right one; else why it is refused and what to do. */
  readonly refuse: (key: HostKey) => string | undefined;
}

/** A connection that has been silent for five of these is lost. A busy node, or a router that is being moved, may take seconds. */
const KEEPALIVE_MS = 2000;

const HOST_KEY_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const satisfies readonly ServerHostKeyAlgorithm[];

/** An RSA key is `ssh-rsa` in known_hosts and signs with SHA-2; signatures with SHA-1 are not taken. */
const algorithmsOf = (known: readonly string[]): ServerHostKeyAlgorithm[] =>
  HOST_KEY_ALGORITHMS.toSorted((a, b) => Number(isOf(known, b)) - Number(isOf(known, a)));
const isOf = (known: readonly string[], algorithm: string): boolean =>
  known.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);

function hostKeyOf(blob: Buffer): HostKey {
  const type = blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { type, base64: blob.toString('base64'), fingerprint: `SHA256:${digest}` };
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

  /** @throws with what went wrong; for a host key that is refused, what the rule said. */
  static async open(target: SshTarget): Promise<SshConnection> {
    const { host, port, user, identities, hostKey, family, limitMs, through } = target;
    const client = new ssh2.Client();
    let refused: string | undefined;
    const config: ConnectConfig = {
      username: user,
      authHandler: authMethods(user, identities),
      ...(family === undefined ? {} : { forceIPv4: family === 'inet', forceIPv6: family === 'inet6' }),
      ...(hostKey === undefined
        ? {}
        : {
            algorithms: { serverHostKey: algorithmsOf(hostKey.known) },
            hostVerifier: (blob: Buffer) => {
              refused = hostKey.refuse(hostKeyOf(blob));
              return refused === undefined;
            },
          }),
      readyTimeout: limitMs,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: 4,
      ...(through === undefined ? { host, port } : { sock: through }),
    };
    // A client that was given up says more later, such as that the connection was lost: an 'error' without a listener ends the process.
    client.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.once('error', (error) =>
        reject(new Error(refused ?? `SSH to ${user}@${host}: ${outcomeOf(error)}`)),
      );
      client.once('close', () => reject(new Error(`SSH to ${user}@${host}: closed before it was ready`)));
      client.connect(config);
    }).catch((error: unknown) => {
      client.destroy();
      throw error;
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
        signal?.removeEventListener('abort', interrupted);
        this.#onLost.delete(lost);
        resolve(outcome);
      };
      let open: ClientChannel | undefined;
      const lost = (because: string): void =>
        finish({ kind: 'cut-off', because: `${this.#target}: ${because}` });
      const timer = setTimeout(() => {
        // Nobody listens any more: a channel that stays open would count against the server's MaxSessions.
        open?.close();
        finish({ kind: 'timed-out', afterMs: limitMs, stdout, stderr });
      }, limitMs);
      const interrupted = (): void => {
        open?.close();
        lost('the run was interrupted');
      };
      if (signal?.aborted === true) return interrupted();
      signal?.addEventListener('abort', interrupted, { once: true });
      if (this.#lost !== undefined) return lost(this.#lost);
      this.#onLost.add(lost);
      this.#client.exec(line, (error, channel) => {
        if (error !== undefined) return lost(error.message);
        open = channel;
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
