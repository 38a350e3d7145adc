/** What lies beside the dumps and tells which brick is which: `gluster volume info`, and a client volume file. */
import { readFileSync } from 'node:fs';
import { parseVolumeInfo, type PrintedVolume } from '../../harness/index.ts';
import { favoriteChildOf, parseVolfile } from '../gluster/parse-volfile.ts';
import type { Told } from './assemble.ts';
import type { Collected } from './folder.ts';

/** `volumeInfo`: as given by name; without it the first folder's that holds one. Throws with the file that can't be read. */
export function toldBy(collected: readonly Collected[], volumeInfo: string | undefined): Told {
  const volumes =
    volumeInfo === undefined
      ? found(collected.map((c) => c.volumeInfo))
      : parseVolumeInfo(textOf(volumeInfo), volumeInfo);
  const volfile = collected.find((c) => c.volfile !== undefined)?.volfile;
  return {
    ...(volumes === undefined ? {} : { volumes }),
    ...(volfile === undefined ? {} : setsIn(volfile)),
  };
}

/** A node whose glusterd did not answer left an empty one. */
function found(files: readonly (string | undefined)[]): readonly PrintedVolume[] | undefined {
  for (const file of files) {
    const text = file === undefined ? '' : textOf(file);
    if (file !== undefined && text.trim() !== '') return parseVolumeInfo(text, file);
  }
  return undefined;
}

function setsIn(file: string): Pick<Told, 'volfile' | 'favoriteChild'> {
  const text = textOf(file);
  try {
    return { volfile: parseVolfile(text).sets, favoriteChild: favoriteChildOf(text) };
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(
      `${file} can't be read: ${(error as NodeJS.ErrnoException).code === 'EISDIR' ? 'it is a folder' : error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
