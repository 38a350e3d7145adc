/**
 * Writes the tables of faults into their README: `node scenarios/write-fault-tables.ts [BUNDLE...]`. The catalogue comes from the code; the
 * matrix condition × fault and the detection fault × alert from the bundles of runs, and stay as they are when none is given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  catalogueTable,
  detectionOf,
  detectionTable,
  FAULTS,
  flipsOf,
  matrixTable,
  nightsTable,
  withSection,
} from '../harness/index.ts';
import type { History } from '../harness/index.ts';
import { readEscalation } from '../lab/index.ts';
import { readJournal } from '../reports/index.ts';

export const README = join(import.meta.dirname, '../harness/faults/README.md');

export const withCatalogue = (readme: string): string =>
  withSection(readme, 'catalogue', `## Catalogue\n\n${catalogueTable(FAULTS)}`);

const PEOPLE = readEscalation(join(import.meta.dirname, 'escalations/call-then-second.yml'));

export function withRuns(readme: string, histories: readonly History[]): string {
  if (histories.length === 0) return readme;
  const asked = histories.filter((history) => flipsOf(history).some(({ rulings }) => rulings.length > 0));
  const faulty = histories.filter((history) => flipsOf(history).length > 0);
  const nights = histories.filter((history) => flipsOf(history).length === 0);
  const sections = {
    matrix: asked.length === 0 ? undefined : matrixSection(asked),
    detection: faulty.length === 0 ? undefined : detectionSection(faulty),
    nights: nights.length === 0 ? undefined : nightsSection(nights),
  };
  return Object.entries(sections).reduce(
    (text, [name, section]) => (section === undefined ? text : withSection(text, name, section)),
    readme,
  );
}

const matrixSection = (histories: readonly History[]): string =>
  [
    '## Condition × fault, as played',
    '`·` is open; only the last answer counts.',
    ...histories.map((history) => `${titleOf(history)}\n\n${matrixTable(flipsOf(history))}`),
  ].join('\n\n');

const detectionSection = (histories: readonly History[]): string =>
  [
    '## Fault × alert, as played',
    'In bold: alerts that page. Seconds since the fault; rules have a thirtieth of their time in a lab. Whom a page wakes, and when, is modelled by' +
      ' `scenarios/escalations/call-then-second.yml` at three in the morning, on the site’s clock.',
    ...histories.flatMap((history) => {
      const detection = detectionOf(history);
      const naive = detection.rows.some(({ noticed }) => noticed.some(({ set }) => set === 'naive'));
      return [
        `${titleOf(history)}\n\n${detectionTable(detection, { people: PEOPLE })}`,
        ...(naive
          ? [
              `The naive set in the same run, as public rule sets have it:\n\n${detectionTable(detection, { set: 'naive', people: PEOPLE })}`,
            ]
          : []),
      ];
    }),
  ].join('\n\n');

const nightsSection = (histories: readonly History[]): string =>
  [
    '## Alerts in whole nights, as played',
    'In a night that goes well nobody may be paged. Mail goes to the operator, who is at work.',
    nightsTable(histories),
  ].join('\n\n');

const titleOf = (history: History): string => {
  const began = history.find((event) => event.kind === 'run-began');
  return `### ${began?.spec.volume.layout ?? 'unknown layout'} (run ${began?.run ?? '?'})`;
};

if (import.meta.main) {
  const bundles = process.argv.slice(2);
  const histories = bundles.map((bundle) => readJournal(join(bundle, 'history.ndjson')).history);
  writeFileSync(README, withRuns(withCatalogue(readFileSync(README, 'utf8')), histories));
}
