/** A real SSH server in this process: knows one key, answers commands by a function, and forwards TCP as a jump host does. */
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { AuthContext, Connection } from 'ssh2';
import { makeKeyPair } from './connection.ts';

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** `type base64`, as known_hosts has it. */
  readonly hostKey: string;
  /** Lines that were run, in order. */
  readonly ran: readonly string[];
  readonly connections: () => number;
  /** Ends every connection, as a reboot does. */
  readonly dropAll: () => void;
}

/** `answer`: standard output of a line, with exit code 0; undefined when it never answers. */
export async function startServer(options: {
  readonly authorized: string;
  readonly answer?: (line: string) => string | undefined;
}): Promise<TestServer> {
  const keys = makeKeyPair();
  const authorized = blobOf(options.authorized);
  const ran: string[] = [];
  const live = new Set<Connection>();
  let connections = 0;
  const server = new ssh2.Server({ hostKeys: [keys.privateKey] }, (client) => {
    connections += 1;
    live.add(client);
    client.on('close', () => live.delete(client)).on('error', () => live.delete(client));
    client.on('authentication', (context) => authenticate(context, authorized));
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        ran.push(command);
        const channel = acceptExec();
        const out = options.answer === undefined ? `${command}\n` : options.answer(command);
        if (out === undefined) return;
        channel.write(out);
        channel.exit(0);
        channel.end();
      });
    });
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      // Nobody may listen at 22 here: whoever wants it gets this server once more.
      const socket = connect(destPort === 22 ? (server.address() as AddressInfo).port : destPort, destIP);
      socket.on('error', () => reject());
      socket.on('connect', () => {
        const channel = accept();
        channel.on('error', () => socket.destroy());
        channel.pipe(socket).pipe(channel);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    hostKey: keys.publicKey.split(' ').slice(0, 2).join(' '),
    ran,
    connections: () => connections,
    dropAll: () => {
      for (const client of live) client.end();
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of live) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function authenticate(context: AuthContext, authorized: string): void {
  if (context.method !== 'publickey' || context.key.data.toString('base64') !== authorized) {
    context.reject(['publickey']);
    return;
  }
  if (context.signature === undefined || context.blob === undefined) {
    context.accept();
    return;
  }
  const key = ssh2.utils.parseKey(`ssh-ed25519 ${authorized}`);
  if (key instanceof Error || !key.verify(context.blob, context.signature)) context.reject();
  else context.accept();
}

const blobOf = (publicKey: string): string => publicKey.split(' ')[1] ?? '';

/** A private key that needs a passphrase which nobody gives. */
export const makeEncryptedKey = (): string =>
  ssh2.utils.generateKeyPairSync('ed25519', { cipher: 'aes256-ctr', passphrase: 'unknown', rounds: 1 })
    .private;
