/** The page that Prometheus fetches. It never asks a node itself: how often somebody fetches it costs the cluster nothing. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTENT_TYPE } from './text.ts';

export interface Page extends AsyncDisposable {
  /** `127.0.0.1:9924` */
  readonly address: string;
  /** What is answered from now on. */
  readonly show: (text: string) => void;
}

export interface Listen {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

const PATH = '/metrics';
const HELLO = `healproof exporter: the metrics are at ${PATH}\n`;

/** @throws when nobody can listen there. */
export async function openPage({ host, port }: Listen): Promise<Page> {
  let shown: string | undefined;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else if (path === '/') response.writeHead(200, { 'Content-Type': 'text/plain' }).end(HELLO);
    else if (path !== PATH) response.writeHead(404).end();
    // Nothing has been seen: an empty page would look like a cluster without bricks.
    else if (shown === undefined) response.writeHead(503).end('the first look is not over yet\n');
    else response.writeHead(200, { 'Content-Type': CONTENT_TYPE }).end(shown);
  });
  await listening(server, host, port);
  const bound = server.address() as AddressInfo;
  return {
    address: bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`,
    show: (text) => {
      shown = text;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`can’t listen at ${host}:${port}: ${error.message}`)));
    server.listen(port, host, resolve);
  });
