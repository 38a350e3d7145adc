/** Pictures that compare runs: the outages of all stories that name the same comparison. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBundle } from './bundle.ts';
import { outageBarsSvg, outageBarsText } from './outage-bars.ts';
import { outageRow } from './outage-rows.ts';
import type { OutageRow } from './outage-rows.ts';
import { pngOf } from './picture.ts';

export interface Comparison {
  readonly title: string;
  /** Paths of the picture. */
  readonly svg: string;
  readonly png: string;
  /** For a terminal of this width. */
  readonly text: (columns: number) => string;
}

/** Compares the runs of these bundles and writes each picture into `out`. One run alone is no comparison. @throws BadBundle, BadHistory. */
export function compareRuns(bundles: readonly string[], out: string): readonly Comparison[] {
  const groups = new Map<string, OutageRow[]>();
  for (const dir of bundles) {
    const { about, history } = readBundle(dir);
    if (about.comparison === undefined) continue;
    const rows = groups.get(about.comparison) ?? [];
    groups.set(about.comparison, [...rows, outageRow(about.title, history)]);
  }
  return [...groups]
    .filter(([, rows]) => rows.length > 1)
    .map(([title, rows], i): Comparison => {
      const name = join(out, i === 0 ? 'outages' : `outages-${i + 1}`);
      const svg = outageBarsSvg(title, rows);
      writeFileSync(`${name}.svg`, svg);
      writeFileSync(`${name}.png`, pngOf(svg));
      return {
        title,
        svg: `${name}.svg`,
        png: `${name}.png`,
        text: (columns) => outageBarsText(title, rows, columns),
      };
    });
}
