/** Can this machine be given an engine, and if not by us, with which commands? Pure. */

export interface Machine {
  /** Text of /etc/os-release; empty when there is none. */
  readonly osRelease: string;
  readonly root: boolean;
  readonly hasApt: boolean;
}

export type SetupPlan =
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  | { readonly kind: 'ask'; readonly because: string; readonly commands: readonly string[] };

/** A person has to do something first. `commands` are exact and in order. */
export class SetupNeeded extends Error {
  readonly commands: readonly string[];
  constructor(because: string, commands: readonly string[]) {
    super(
      [because, ...(commands.length > 0 ? ['Run:', ...commands.map((line) => `    ${line}`)] : [])].join(
        '\n',
      ),
    );
    this.commands = commands;
  }
}

/** The fields of os-release, quotes removed. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value] = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim()) ?? [];
      return key !== undefined && value !== undefined
        ? [[key, value.replace(/^(["'])(.*)\1$/, '$2')] as const]
        : [];
    }),
  );
}

/** `debian`, `ubuntu`, or what a derivative says it is like. */
export function isDebianLike(osRelease: string): boolean {
  const fields = parseOsRelease(osRelease);
  const names = [fields.get('ID') ?? '', ...(fields.get('ID_LIKE') ?? '').split(' ')];
  return names.includes('debian') || names.includes('ubuntu');
}

/** `ip` makes the engine's bridge; docker.io does not depend on it. */
const PACKAGES = { dockerd: 'docker.io', ip: 'iproute2' } as const;

/** What to do when no engine answers, by which programs are there. */
export function planEngineSetup(
  machine: Machine,
  installed: Readonly<Record<keyof typeof PACKAGES, boolean>>,
): SetupPlan {
  const dockerdInstalled = installed.dockerd;
  const packages = (['dockerd', 'ip'] as const).flatMap((name) => (installed[name] ? [] : [PACKAGES[name]]));
  const debian = machine.hasApt && isDebianLike(machine.osRelease);
  const name = parseOsRelease(machine.osRelease).get('PRETTY_NAME') ?? 'this system';
  if (!debian && !dockerdInstalled)
    return {
      kind: 'ask',
      because: `No Docker Engine answers, and Healproof can install one only on Debian and Ubuntu; this is ${name}. Install and start Docker Engine 20.10 or newer (https://docs.docker.com/engine/install/), then check it:`,
      commands: ['docker version', './healproof doctor'],
    };
  if (machine.root) return { kind: 'install', packages: debian ? packages : [] };
  if (dockerdInstalled)
    return {
      kind: 'ask',
      because:
        'No Docker Engine answers, and starting one needs root. Start the one that is installed, and let this user speak to it.',
      commands: [
        'sudo systemctl start docker && sudo usermod -aG docker "$USER" && newgrp docker',
        './healproof doctor',
      ],
    };
  return {
    kind: 'ask',
    because: 'No Docker Engine answers, and installing one needs root.',
    commands: [
      'sudo apt-get update && sudo apt-get install -y docker.io',
      'sudo usermod -aG docker "$USER" && newgrp docker',
      './healproof doctor',
    ],
  };
}
