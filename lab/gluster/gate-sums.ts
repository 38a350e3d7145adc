/** Content hashes of cold files, put to the attributes that were read before. */
import type { BrickFacts, GateFacts, Shell } from '../../harness/index.ts';
import { AUDIT_SUMS } from './commands.ts';
import type { ExtraAnswers } from './gate-extras.ts';
import { parseFiles } from './parse-bricks.ts';
import { notSeen, read } from './seen.ts';

/**
 * A hash counts for a file only when size and mtime are still what the audit saw: who wrote in between is no longer cold. Not seen when
 * any brick with data could not be hashed to the end.
 */
export function withSums(
  bricks: readonly BrickFacts[],
  asked: ReadonlyMap<Shell, ExtraAnswers>,
): { readonly bricks: readonly BrickFacts[]; readonly sums: GateFacts['sums'] } {
  const answers = [...asked.values()].flatMap((one) => (one.sums === undefined ? [] : [one.sums]));
  if (answers.length === 0) return { bricks, sums: notSeen('no content was compared in this look') };
  const lists = answers.map((one) => read(one.text(AUDIT_SUMS), (text) => parseFiles(one.nonce, text)));
  const blind: string[] = lists.flatMap((one) => (one.seen ? [] : [one.because]));
  let comparedBytes = 0;
  let skippedBytes = 0;
  const summed = bricks.map((one): BrickFacts => {
    if (!one.seen || one.arbiter) return one;
    const found = lists
      .flatMap((list) => (list.seen ? list.bricks : []))
      .find(({ brick }) => brick === one.brick);
    if (found?.files.seen !== true) {
      blind.push(
        `brick ${one.brick} was not hashed: ${found?.files.seen === false ? found.files.because : 'no answer'}`,
      );
      return one;
    }
    const hashed = new Map(found.files.list.map((file) => [file.path, file]));
    const files = one.files.map((file) => {
      const sum = hashed.get(file.path);
      const same = sum?.sha256 !== undefined && sum.mtimeMs === file.mtimeMs && sum.size === file.size;
      if (file.type !== 'file') return file;
      if (same) comparedBytes += file.size;
      else skippedBytes += file.size;
      return same ? { ...file, sha256: sum.sha256 } : file;
    });
    return { ...one, files };
  });
  return {
    bricks: summed,
    sums: blind.length > 0 ? notSeen(blind.join('; ')) : { seen: true, comparedBytes, skippedBytes },
  };
}
