/** The Engine API over its socket, with deadlines. For what is asked before and beside the lab: version, info, builds. */
import http from 'node:http';
import type { Readable } from 'node:stream';

export interface EngineRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** JSON, or bytes to stream. */
  readonly body?: unknown;
  readonly stream?: Readable;
  /** For the whole request; with `onData` the longest silence between two pieces of the answer. */
  readonly limitMs: number;
  /** Gets the answer piece by piece when it is a success. */
  readonly onData?: (chunk: string) => void;
  readonly signal?: AbortSignal;
}

export interface EngineReply {
  readonly status: number;
  readonly text: string;
}

export class EngineUnreachable extends Error {
  /** The socket does not exist. */
  get missing(): boolean {
    return this.cause instanceof Error && 'code' in this.cause && this.cause.code === 'ENOENT';
  }
}

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** How to connect to `unix:///path` or `tcp://host:port`. */
export function connectionOf(host: string): http.RequestOptions {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const url = URL.canParse(host) ? new URL(host) : undefined;
  const isPlain = url?.protocol === 'tcp:' || url?.protocol === 'http:';
  if (url !== undefined && isPlain && LOOPBACK.test(url.hostname))
    return { host: url.hostname, port: Number(url.port || 2375) };
  throw new EngineUnreachable(
    `${host}: Healproof speaks to an engine of this machine only, over unix:// or plain tcp:// on the loopback: a lab's ports are published there. Run Healproof on the machine of that engine.`,
  );
}

/** Says in words what a connection error means for an engine's socket. */
function explain(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'there is no such socket';
    case 'ECONNREFUSED':
      return 'nobody listens there (the engine has ended)';
    case 'EACCES':
      return 'permission denied (are you in the group docker? sudo usermod -aG docker "$USER", then log in again)';
    default:
      return error.message;
  }
}

/** One request. Throws EngineUnreachable when no answer comes; an HTTP status is an answer. */
export function askEngine(host: string, request: EngineRequest): Promise<EngineReply> {
  const { method = 'GET', path, body, stream, limitMs, onData, signal } = request;
  const options = connectionOf(host);
  const json = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new EngineUnreachable(`${method} ${path} at ${host}: ${explain(error)}`, { cause: error }));
    const headers: http.OutgoingHttpHeaders = {
      ...(json === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      ...(stream ? { 'content-type': 'application/x-tar' } : {}),
    };
    const outgoing = http.request(
      { ...options, method, path, headers, ...(signal ? { signal } : {}) },
      (incoming) => {
        const status = incoming.statusCode ?? 0;
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          if (onData) deadline.refresh();
          if (onData && status < 400) onData(chunk);
          else text += chunk;
        });
        incoming.on('end', () => {
          clearTimeout(deadline);
          resolve({ status, text });
        });
        incoming.on('error', fail);
      },
    );
    const deadline = setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${limitMs / 1000} s`)),
      limitMs,
    );
    outgoing.on('error', (error) => {
      clearTimeout(deadline);
      fail(error);
    });
    if (stream) {
      stream.on('error', (error) => outgoing.destroy(error));
      stream.on('data', () => deadline.refresh());
      stream.pipe(outgoing);
    } else outgoing.end(json);
  });
}

/** A request whose answer is JSON; any status of 400 or more is thrown with the engine's own words. */
export async function engineJson(host: string, request: EngineRequest): Promise<unknown> {
  const { status, text } = await askEngine(host, request);
  if (status >= 400) throw new Error(refusal(request, host, status, text));
  return text === '' ? undefined : JSON.parse(text);
}

export function refusal(
  { method = 'GET', path }: EngineRequest,
  host: string,
  status: number,
  text: string,
): string {
  let words = text.trim();
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) words = String(parsed.message);
  } catch {
    // not JSON: the words as they came
  }
  return `${method} ${path} at ${host}: HTTP ${status}: ${words}`;
}
