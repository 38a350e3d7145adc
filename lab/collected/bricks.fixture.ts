/** Makes collected folders for tests, in the format of `healproof inspect --print-collect`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const VOLUME_ID = '6f9a1b2c3d4e5f60718293a4b5c6d7e8';
export const ROOT = '/bricks/vmstore/brick';

/** Attributes by path; a gfid is made up from the path unless one is given. */
export type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const gfidOf = (path: string): string => {
  const sum = [...Buffer.from(path)].reduce((h, c) => (Math.imul(h, 31) + c) >>> 0, 7);
  return `aaaaaaaa00000000${sum.toString(16).padStart(16, '0')}`;
};

export const accuse = (client: number, data = 0, metadata = 0, entry = 0): Record<string, string> => ({
  [`trusted.afr.vmstore-client-${client}`]: [data, metadata, entry]
    .map((n) => n.toString(16).padStart(8, '0'))
    .join(''),
});
export const dirtied = (data = 0, metadata = 0, entry = 0): Record<string, string> => ({
  'trusted.afr.dirty': [data, metadata, entry].map((n) => n.toString(16).padStart(8, '0')).join(''),
});

export function dump(files: Files, root = ROOT): string {
  const record = (path: string, xattrs: Readonly<Record<string, string>>): string => {
    const lines = Object.entries(xattrs).map(([name, hex]) => `${name}=0x${hex}`);
    return [`# file: ${path === '/' ? root : `${root}${path}`}`, ...lines.sort(), '', ''].join('\n');
  };
  const top = {
    'trusted.gfid': '00000000000000000000000000000001',
    'trusted.glusterfs.volume-id': VOLUME_ID,
    ...files['/'],
  };
  const rest = Object.entries(files).filter(([path]) => path !== '/');
  return (
    record('/', top) + rest.map(([path, x]) => record(path, { 'trusted.gfid': gfidOf(path), ...x })).join('')
  );
}

/** A folder for the test, removed with it. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'healproof-test-'));

  /** Writes one brick's folder and answers it as the command line takes it. */
  brick(
    name: string,
    content: Files | string,
    more: Readonly<Record<string, string>> = {},
  ): { name: string; where: string } {
    const where = join(this.path, name);
    mkdirSync(where, { recursive: true });
    writeFileSync(
      join(where, 'getfattr.txt'),
      typeof content === 'string' ? content : dump(content),
      'latin1',
    );
    for (const [file, text] of Object.entries(more)) writeFileSync(join(where, file), text);
    return { name, where };
  }

  file(name: string, text: string): string {
    const where = join(this.path, name);
    writeFileSync(where, text);
    return where;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const VOLUME_INFO = `
Volume Name: vmstore
Type: Replicate
Volume ID: 6f9a1b2c-3d4e-5f60-7182-93a4b5c6d7e8
Status: Started
Number of Bricks: 1 x 3 = 3
Bricks:
Brick1: pve1:${ROOT}
Brick2: pve2:${ROOT}
Brick3: pve3:${ROOT}
Options Reconfigured:
cluster.quorum-type: auto
`;
