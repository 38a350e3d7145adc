/** What keeps an engine that answers from holding a lab. Pure. */
import type { EngineFacts } from './find.ts';

export interface EngineFlaw {
  readonly name: string;
  readonly found: string;
  readonly why: string;
  readonly fix: string;
}

const OTHER = 'stop this one, or set DOCKER_HOST to the socket of that one';

/** Empty when it can. */
export function flawsOfEngine({
  apiVersion,
  rootless,
  remapped,
  arch,
}: Pick<EngineFacts, 'apiVersion' | 'rootless' | 'remapped' | 'arch'>): readonly EngineFlaw[] {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  const flaws: readonly (EngineFlaw | false)[] = [
    major <= 1 &&
      minor < 41 && {
        name: 'engine',
        found: `it speaks API ${apiVersion}`,
        why: 'Healproof needs 1.41',
        fix: 'install Docker Engine 20.10 or newer',
      },
    rootless && {
      name: 'rootless',
      found: 'the engine runs without root',
      why: 'bricks keep their state in trusted.* attributes, which only real root may set',
      fix: `use an engine that runs as root: ${OTHER}`,
    },
    remapped && {
      name: 'userns-remap',
      found: 'root in its containers is another user on the machine (userns-remap)',
      why: 'bricks keep their state in trusted.* attributes, which only real root may set',
      fix: `use an engine without userns-remap: ${OTHER}`,
    },
    arch !== '' &&
      arch !== 'amd64' && {
        name: 'machine',
        found: `its machine is ${arch}`,
        why: 'the routers are guests with a kernel for amd64',
        fix: 'run Healproof on an amd64 machine, or set DOCKER_HOST to the engine of one',
      },
  ];
  return flaws.filter((flaw) => flaw !== false);
}
