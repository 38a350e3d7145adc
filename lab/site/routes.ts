/** Connections to hosts, through their jump hosts. A jump host that several nodes share is connected to once. */
import { SshConnection } from '../ssh/index.ts';
import { credentialsOf } from './credentials.ts';
import { hostKeyRule } from './host-keys.ts';
import { around, hostSettings } from './host-settings.ts';
import type { Around, HostSettings, Overrides } from './host-settings.ts';
import type { Rule } from './ssh-config.ts';

export interface RouteOptions {
  readonly rules: readonly Rule[];
  readonly configFile: string | undefined;
  /** For TCP, handshake and login of one hop. */
  readonly connectMs: number;
  readonly here?: Around;
}

/** A chain that is longer is a loop. */
const MOST_HOPS = 8;

export class Routes implements AsyncDisposable {
  readonly #options: RouteOptions;
  readonly #here: Around;
  readonly #open = new Map<string, Promise<SshConnection>>();

  constructor(options: RouteOptions) {
    this.#options = options;
    this.#here = options.here ?? around();
  }

  /** @throws when the configuration says something about the host that is not supported. */
  settings(alias: string, overrides: Overrides): HostSettings {
    return hostSettings(this.#options.rules, alias, overrides, this.#here);
  }

  /** Opens the connection, or gives the one that is open. @throws with a sentence for the person who asked. */
  async connect(alias: string, overrides: Overrides = {}, hops = 0): Promise<SshConnection> {
    if (hops > MOST_HOPS)
      throw new Error(`the ProxyJumps of ${alias} go on for more than ${MOST_HOPS} hosts`);
    const host = this.settings(alias, overrides);
    const key = JSON.stringify([host.user, host.hostName, host.port, host.jumps]);
    const known = this.#open.get(key);
    if (known !== undefined) {
      const connection = await known;
      if (connection.lost === undefined) return connection;
    }
    if (this.#open.get(key) === known) this.#open.set(key, this.#dial(host, hops));
    const dialled = this.#open.get(key) ?? this.#dial(host, hops);
    try {
      return await dialled;
    } catch (error) {
      if (this.#open.get(key) === dialled) this.#open.delete(key);
      throw error;
    }
  }

  async #dial(host: HostSettings, hops: number): Promise<SshConnection> {
    const { files } = this.#here;
    const limitMs = host.connectTimeoutMs ?? this.#options.connectMs;
    const last = host.jumps.at(-1);
    const { identities, leftOut } = credentialsOf(host, files);
    if (identities.length === 0) {
      const nothing = `none of ${host.identityFiles.join(', ')} is there, and no agent runs (SSH_AUTH_SOCK)`;
      const why = leftOut.length > 0 ? leftOut.join('; ') : nothing;
      throw new Error(`there is no key to log in to ${host.user}@${host.alias} with: ${why}`);
    }
    const through = last === undefined ? undefined : await this.#through(host, last, hops, limitMs);
    try {
      return await SshConnection.open({
        host: host.hostName,
        port: host.port,
        user: host.user,
        identities,
        hostKey: hostKeyRule(host, { configFile: this.#options.configFile, via: last }, files),
        limitMs,
        ...(host.family === undefined ? {} : { family: host.family }),
        ...(through === undefined ? {} : { through }),
      });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const keys = leftOut.length > 0 && /authentication/.test(said) ? ` (${leftOut.join('; ')})` : '';
      throw new Error(`${said}${keys}`, { cause: error });
    }
  }

  /** The last jump is reached through those before it; the first one as its own configuration says. */
  async #through(host: HostSettings, last: string, hops: number, limitMs: number) {
    const before = host.jumps.slice(0, -1);
    const { alias, ...spec } = jumpOf(last);
    const overrides: Overrides = { ...spec, ...(before.length > 0 ? { jumps: before } : {}) };
    try {
      const jump = await this.connect(alias, overrides, hops + 1);
      return await jump.forward(host.hostName, host.port, limitMs);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`through ${last}: ${said}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const one of open) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]();
  }
}

/** `[user@]host[:port]` or `ssh://…`. @throws for anything else. */
export function jumpOf(spec: string): {
  readonly alias: string;
  readonly user?: string;
  readonly port?: number;
} {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@/\s]+)@)?(?:\[([^\]\s]+)\]|([^:/@[\]\s]+))(?::(\d{1,5}))?\/?$/.exec(spec) ?? [];
  const alias = bracketed ?? plain;
  if (alias === undefined) throw new Error(`ProxyJump "${spec}" is not [user@]host[:port]`);
  return {
    alias,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
