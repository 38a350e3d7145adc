/** What /proc says about processes, mounts and routes. Pure parsers, and the readers beside them. */
import { readdir, readFile } from 'node:fs/promises';

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** Command line of a process, one entry per argument; empty when there is no such process. */
export async function commandLine(pid: number): Promise<readonly string[]> {
  return (await read(`/proc/${pid}/cmdline`)).split('\0').filter(Boolean);
}

/** Is this the command line of a program called `name`? */
export const isProgram = (line: readonly string[], name: string): boolean =>
  line[0] !== undefined && line[0].split('/').at(-1) === name;

export interface Process {
  readonly pid: number;
  readonly line: readonly string[];
}

export async function processesCalled(name: string): Promise<readonly Process[]> {
  const entries = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const all = await Promise.all(
    entries.map(async (entry) => ({ pid: Number(entry), line: await commandLine(Number(entry)) })),
  );
  return all.filter(({ line }) => isProgram(line, name));
}

/** Mount points below a folder, deepest first: the order in which they can be unmounted. */
export function mountsBelow(mountinfo: string, folder: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
    .filter((path) => path.startsWith(`${folder}/`))
    .toReversed();
}

export const readMountsBelow = async (folder: string): Promise<readonly string[]> =>
  mountsBelow(await read('/proc/self/mountinfo'), folder);

export interface Route {
  readonly device: string;
  /** First address and number of addresses' bits, as in 198.18.0.0/24. */
  readonly network: number;
  readonly bits: number;
}

/** Routes of /proc/net/route: addresses are hexadecimal in the byte order of this (little-endian) machine. */
export function parseRoutes(table: string): readonly Route[] {
  const address = (hex: string): number => Buffer.from(hex, 'hex').readUInt32LE(0);
  const ones = (mask: number): number => Array.from(mask.toString(2)).filter((bit) => bit === '1').length;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([device, destination, , , , , , mask]) =>
      device && destination?.length === 8 && mask?.length === 8
        ? [{ device, network: address(destination), bits: ones(address(mask)) }]
        : [],
    );
}

export const readRoutes = async (): Promise<readonly Route[]> => parseRoutes(await read('/proc/net/route'));

export function parseCidr(cidr: string): { network: number; bits: number } {
  const [address = '', bits = '32'] = cidr.split('/');
  const network = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return { network, bits: Number(bits) };
}

export function formatCidr({ network, bits }: { network: number; bits: number }): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${bytes.join('.')}/${bits}`;
}

/** Do two networks share an address? The default route shares nothing: it is not a claim on addresses. */
export function overlaps(
  a: { network: number; bits: number },
  b: { network: number; bits: number },
): boolean {
  if (a.bits === 0 || b.bits === 0) return false;
  const size = 2 ** (32 - Math.min(a.bits, b.bits));
  return Math.floor(a.network / size) === Math.floor(b.network / size);
}
