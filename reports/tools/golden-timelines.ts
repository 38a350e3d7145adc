/** Writes reports/timeline/golden/*.svg anew. Run it after a change of the picture that is meant, look at the result, commit it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pngOf } from '../picture.ts';
import { GOLDEN, goldenPath } from '../testing/golden.ts';

for (const [name, svg] of GOLDEN) {
  mkdirSync(join(goldenPath(name), '..'), { recursive: true });
  writeFileSync(goldenPath(name), svg());
  // To be looked at, not kept.
  const [, , pictures] = process.argv;
  if (pictures !== undefined) writeFileSync(join(pictures, `${name}.png`), pngOf(svg()));
}
