/** A stage: the folder in which one command meets one state. Its `bin` comes first on the command's PATH. */
import {
  accessSync,
  appendFileSync,
  constants,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { AttackSite, Call } from '../../harness/index.ts';

const STAND_INS = join(import.meta.dirname, 'stand-ins');
const NAMES = ['gluster', 'ssh', 'sudo', 'sleep', 'timeout', 'hostname', 'getfattr'] as const;

/** Programs that would reach a real machine, or change this one. All of them become the stand-in that refuses. */
const BARRED: readonly string[] = [
  'scp sftp rsync curl wget nc ncat socat telnet ping sshpass mosh',
  'docker podman nerdctl kubectl oc virsh qm pct pvesh pvecm ha-manager',
  'reboot shutdown poweroff halt init telinit systemctl service rc-service',
  'killall pkill glusterd glusterfs glusterfsd glfsheal gstatus mount umount',
  'su doas runuser pkexec nsenter chroot systemd-run machinectl',
  'mount.glusterfs setfattr crontab at batch mail sendmail ipmitool fence_node',
].flatMap((line) => line.split(' '));

/** What the stand-ins themselves call; they can't look on the PATH, where they come first. */
const NEEDED = ['sleep', 'timeout', 'cat', 'awk', 'sed', 'tr', 'cut', 'cksum'] as const;
const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export interface Stage {
  readonly folder: string;
  readonly bin: string;
  readonly barred: string;
}

/** How time passes on a stage: how many times faster waiting is, and what `timeout` is not shortened below. */
export interface StageTime {
  readonly speed: number;
  readonly leastPatienceSeconds: number;
}

/** Makes what all stages of an attack share: real programs for the stand-ins, and what is barred. Throws when the machine lacks one. */
export function setUp(root: string): void {
  const real = join(root, 'real');
  const barred = join(root, 'barred');
  mkdirSync(real, { recursive: true });
  mkdirSync(barred);
  for (const name of BARRED) symlinkSync(join(STAND_INS, 'barred'), join(barred, name));
  for (const name of NEEDED) {
    const found = SYSTEM.map((path) => join(path, name)).find((path) => isProgram(path));
    if (found === undefined) {
      throw new Error(`attacking a gate needs ${NEEDED.join(', ')}; ${name} is not in ${SYSTEM.join(', ')}`);
    }
    symlinkSync(found, join(real, name));
  }
}

/** `state` is a folder that `layOut` wrote, `root` the one of `setUp`. */
export function setStage(folder: string, state: string, root: string, time: StageTime): Stage {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, 'seen'));
  for (const name of NAMES) symlinkSync(join(STAND_INS, name), join(bin, name));
  symlinkSync(join(STAND_INS, 'look.sh'), join(folder, 'look.sh'));
  symlinkSync(state, join(folder, 'state'));
  symlinkSync(join(root, 'real'), join(folder, 'real'));
  writeFileSync(join(folder, 'speed'), `${time.speed} ${time.leastPatienceSeconds}\n`);
  writeFileSync(join(folder, 'seen/look'), '0\n');
  return { folder, bin, barred: join(root, 'barred') };
}

/** For who dates its looks instead of waiting: as if a `sleep` of its had ended, so that the same question begins a new look. */
export const letTimePass = ({ folder }: Stage): void => appendFileSync(join(folder, 'seen/slept'), 'x');

/** The environment of a command on a stage. The user's own PATH comes last, for interpreters that live there. */
export function stageEnvironment({ folder, bin, barred }: Stage, site: AttackSite): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || DROPPED.has(name) ? [] : [[name, value] as const],
  );
  const path = [bin, barred, dirname(process.execPath), ...SYSTEM, process.env['PATH'] ?? ''];
  return {
    ...Object.fromEntries(kept),
    PATH: path.join(delimiter),
    LC_ALL: 'C',
    HEALPROOF_NODE: site.asked,
    HEALPROOF_NODES: site.nodes.join(' '),
    HEALPROOF_VOLUME: site.volume,
    [MARK]: folder,
  };
}

/** By it the processes that a command left behind are found. */
export const MARK = 'HEALPROOF_STAGE';
/** Files that shells run before the command, and what would point it somewhere else. */
const DROPPED: ReadonlySet<string> = new Set(['BASH_ENV', 'ENV', 'HEALPROOF_VIEW', 'HEALPROOF_ROOT']);

/** What the stand-ins noted down, in order. */
export function callsOn({ folder }: Stage): readonly Call[] {
  const lines = readIfThere(join(folder, 'seen/calls')).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [kind = '', view = '', look = '', ...command] = line.split('\t');
      return { kind: kind as Call['kind'], view, look: Number(look), command: command.join(' ').trim() };
    });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
