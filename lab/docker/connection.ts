/** The Docker Engine, as the other folders of the lab see it. dockerode's types stay in here. */
import Docker from 'dockerode';

export interface EngineAddress {
  /** `unix:///path` or `tcp://host:port`, as DOCKER_HOST has it. */
  readonly host: string;
}

/** An open connection; cheap, holds no socket when idle. */
export class Engine {
  readonly api: Docker;
  readonly host: string;

  constructor({ host }: EngineAddress) {
    this.host = host;
    const url = new URL(host);
    this.api =
      url.protocol === 'unix:'
        ? // As it is written: a URL has blanks and letters beyond ASCII in another form.
          new Docker({ socketPath: host.slice('unix://'.length) })
        : new Docker({ host: url.hostname, port: Number(url.port || 2375), protocol: 'http' });
    // testcontainers finds its engine by the environment, and must not look anywhere else.
    process.env['DOCKER_HOST'] = host;
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
    process.env['TESTCONTAINERS_HOST_OVERRIDE'] = '127.0.0.1';
  }
}

/** HTTP status of an engine's refusal, when the error is one. */
export function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
