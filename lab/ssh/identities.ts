/** What a person proves to a host who they are with: keys, and an agent that keeps keys. */
import ssh2 from 'ssh2';
import type { AnyAuthMethod, IdentityCallback, ParsedKey } from 'ssh2';

export type Identity =
  | { readonly kind: 'key'; readonly privateKey: string }
  /** `only`: public keys in base64; of the agent's keys no others are offered (ssh_config's IdentitiesOnly). */
  | { readonly kind: 'agent'; readonly socket: string; readonly only?: readonly string[] };

export type ReadKey =
  | { readonly kind: 'usable' }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'no-key'; readonly because: string };

/** What a file is, before it is offered to a host. */
export function readKey(text: string): ReadKey {
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text);
  const key = Array.isArray(parsed) ? (parsed as readonly ParsedKey[])[0] : parsed;
  if (key === undefined) return { kind: 'no-key', because: 'it holds no key' };
  if (key instanceof Error)
    return /encrypted/i.test(key.message) ? { kind: 'encrypted' } : { kind: 'no-key', because: key.message };
  return { kind: 'usable' };
}

/** What an agent may answer with: a key, its bytes, or either with a comment. */
type AgentKey = ParsedKey | Buffer | string | { readonly pubKey: AgentKey };

function base64Of(key: AgentKey): string {
  if (typeof key === 'string' || Buffer.isBuffer(key)) return Buffer.from(key).toString('base64');
  return 'pubKey' in key ? base64Of(key.pubKey) : key.getPublicSSH().toString('base64');
}

/** An agent that answers for some of its keys only. */
class PartOfAgent extends ssh2.OpenSSHAgent {
  readonly #only: ReadonlySet<string>;

  constructor(socket: string, only: readonly string[]) {
    super(socket);
    this.#only = new Set(only);
  }

  override getIdentities(told: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) =>
      told(
        error,
        keys?.filter((key) => this.#only.has(base64Of(key))),
      ),
    );
  }
}

export const authMethods = (user: string, identities: readonly Identity[]): AnyAuthMethod[] =>
  identities.map((one) =>
    one.kind === 'key'
      ? { type: 'publickey', username: user, key: one.privateKey }
      : {
          type: 'agent',
          username: user,
          agent: one.only === undefined ? one.socket : new PartOfAgent(one.socket, one.only),
        },
  );
