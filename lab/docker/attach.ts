/** A command in a machine with somebody's own input and output on it: for people, where `execLine` is for the harness. */
import type { Readable, Writable } from 'node:stream';
import type { Engine } from './connection.ts';

export interface Attachment {
  /** One stream with a terminal in the machine; otherwise output and errors apart, byte by byte. */
  readonly tty: boolean;
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** `NAME=VALUE`. */
  readonly environment: readonly string[];
}

export interface Attached {
  /** The command's exit code; 255 when the machine ended under it, as ssh has it. */
  readonly ended: Promise<number>;
  resize(rows: number, columns: number): Promise<void>;
}

const CUT_OFF = 255;

/** Starts the command. The container is named or given by id. @throws what the engine says when there is none, or it does not run. */
export async function attach(
  engine: Engine,
  container: string,
  command: readonly string[],
  { tty, input, output, errors, environment }: Attachment,
): Promise<Attached> {
  const exec = await engine.api.getContainer(container).exec({
    Cmd: [...command],
    Env: [...environment],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: tty,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: tty });
  const over = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
  if (tty) stream.pipe(output, { end: false });
  else engine.api.modem.demuxStream(stream, output, errors);
  input.pipe(stream);
  const ended = over.then(async () => {
    input.unpipe(stream);
    input.pause();
    stream.destroy();
    const { ExitCode: code } = await exec.inspect();
    return code ?? CUT_OFF;
  });
  return {
    ended,
    resize: async (rows, columns) => {
      await exec.resize({ h: rows, w: columns });
    },
  };
}
