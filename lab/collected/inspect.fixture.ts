/** Inspects collected folders and remembers every file that was judged. */
import type { Inspection, Judged } from '../../harness/index.ts';
import type { Files, Folder } from './bricks.fixture.ts';
import { inspectCollected, type InspectCollected } from './inspect.ts';

export function inspect(
  options: InspectCollected,
): Inspection & { readonly files: Judged[]; readonly of: (path: string) => Judged['verdict'] } {
  const files: Judged[] = [];
  const inspection = inspectCollected(options, (j) => files.push(j));
  const of = (path: string): Judged['verdict'] => {
    const found = files.find((f) => f.verdict.path === path);
    if (found === undefined)
      throw new Error(`${path} was not judged, only ${files.map((f) => f.verdict.path).join(', ')}`);
    return found.verdict;
  };
  return { ...inspection, files, of };
}

/** Three bricks pve1 to pve3; what each holds. */
export const three = (folder: Folder, a: Files, b: Files, c: Files): InspectCollected['bricks'] => [
  folder.brick('pve1', a),
  folder.brick('pve2', b),
  folder.brick('pve3', c),
];
