/** `healproof ssh NODE [-- COMMAND]`: a shell in a machine of a lab, through the engine, so that it works when both routers are down. */
import { attach } from '../../lab/index.ts';
import type { Attached, Engine } from '../../lab/index.ts';
import { labStates, messageOf, theLab } from './labs.ts';
import type { LabState, Talk } from './labs.ts';

export interface SshOptions extends Pick<Talk, 'complain'> {
  /** A node, or any other machine of the lab. */
  readonly node: string;
  /** Joined with blanks and given to bash, as ssh does it; empty for a shell. */
  readonly command: readonly string[];
  readonly run?: string;
}

/** What ssh itself answers when it can't get in. */
const NO_WAY_IN = 255;

/** The command's exit code, or 255 when there is no way in. */
export async function sshCommand(options: SshOptions, engine: Engine): Promise<number> {
  const { node, command, run, complain } = options;
  try {
    const container = containerOf(theLab(labStates(), run), node);
    const tty = process.stdin.isTTY && process.stdout.isTTY;
    const line = command.length === 0 ? ['bash', '-l'] : ['bash', '-c', command.join(' ')];
    const attached = await attach(engine, container, line, {
      tty,
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      environment: tty ? [`TERM=${process.env['TERM'] ?? 'xterm'}`] : [],
    });
    return await (tty ? onTerminal(attached) : attached.ended);
  } catch (error) {
    complain(`ssh: ${messageOf(error)}`);
    return NO_WAY_IN;
  } finally {
    // Otherwise a standard input that stays open keeps the process.
    process.stdin.unref?.();
  }
}

/** Keys go through as they are, Ctrl-C too, until the command ends; then the terminal is as it was. */
async function onTerminal(attached: Attached): Promise<number> {
  const { stdin, stdout } = process;
  const fit = (): void => {
    // The engine refuses while the command is starting or ending; the next change of size tries again.
    attached.resize(stdout.rows, stdout.columns).catch(() => undefined);
  };
  const was = stdin.isRaw;
  stdin.setRawMode(true);
  stdout.on('resize', fit);
  try {
    fit();
    return await attached.ended;
  } finally {
    stdout.off('resize', fit);
    stdin.setRawMode(was);
  }
}

export function containerOf({ run, ready, machines }: LabState, name: string): string {
  if (!ready) throw new Error(`${run} is not ready yet; look with: healproof status`);
  const machine = machines.find((one) => one.name === name);
  if (machine === undefined)
    throw new Error(`${run} has no machine ${name}; it has ${machines.map((one) => one.name).join(', ')}`);
  return machine.container;
}
