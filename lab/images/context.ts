/** What an image is built from: its files, their fingerprint, and the archive that the engine gets. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';

export interface ContextFile {
  /** Path inside the build context, with slashes. */
  readonly path: string;
  /** 0o755 or 0o644: git knows no more than that, so neither does an image. */
  readonly mode: number;
  readonly content: Buffer;
  /** Where it points to, when it is a symbolic link. */
  readonly link?: string;
}

/** A folder of this machine and where its files go in the context (empty: to the top). */
export interface ContextFolder {
  readonly from: string;
  readonly to: string;
}

/** Made by running things here, not part of the source. */
const IGNORED = new Set(['__pycache__', '.DS_Store']);

async function filesBelow({ from, to }: ContextFolder): Promise<readonly ContextFile[]> {
  const entries = (await readdir(from)).filter((name) => !IGNORED.has(name));
  const lists = await Promise.all(
    entries.map(async (name) => {
      const source = join(from, name);
      const path = to === '' ? name : `${to}/${name}`;
      const stat = await lstat(source);
      if (stat.isDirectory()) return filesBelow({ from: source, to: path });
      if (stat.isSymbolicLink())
        return [{ path, mode: 0o777, content: Buffer.alloc(0), link: await readlink(source) }];
      const mode = (stat.mode & 0o100) === 0 ? 0o644 : 0o755;
      return [{ path, mode, content: await readFile(source) }];
    }),
  );
  return lists.flat();
}

/** All files of a build context, in an order that does not depend on the machine. */
export async function readContext(folders: readonly ContextFolder[]): Promise<readonly ContextFile[]> {
  const files = (await Promise.all(folders.map(filesBelow))).flat();
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** 12 hexadecimal digits that change when any path, mode or content does, or the base. */
export function fingerprint(files: readonly ContextFile[], base: string): string {
  const hash = createHash('sha256');
  // the lengths keep the end of one field from passing as the start of the next
  const field = (bytes: Buffer): unknown => hash.update(`${bytes.length}:`).update(bytes);
  field(Buffer.from(base));
  for (const { path, mode, content, link } of files) {
    field(Buffer.from(path));
    field(Buffer.from(`${mode.toString(8)} ${link ?? ''}`));
    field(content);
  }
  return hash.digest('hex').slice(0, 12);
}

/** The context as a tar stream: owner root, no times, the same bytes everywhere. */
export function packContext(files: readonly ContextFile[]): Readable {
  const archive = pack();
  for (const { path, mode, content, link } of files) {
    const header = { name: path, mode, mtime: new Date(0), uid: 0, gid: 0 };
    if (link === undefined) archive.entry(header, content);
    else archive.entry({ ...header, type: 'symlink', linkname: link });
  }
  archive.finalize();
  // a stream of the package's own kind, which lacks some of what node's have
  return Readable.from(archive);
}
