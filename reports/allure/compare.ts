/** A picture that compares runs, as a result of its own: Allure has no place for what belongs to several tests. */
import { readFileSync } from 'node:fs';
import { LabelName, Stage, Status } from 'allure-js-commons';
import { FileSystemWriter, ReporterRuntime } from 'allure-js-commons/sdk/reporter';
import type { Comparison } from '../comparison.ts';

export function publishComparison({ title, svg, png }: Comparison, resultsDir: string): void {
  const runtime = new ReporterRuntime({ writer: new FileSystemWriter({ resultsDir }) });
  const uuid = runtime.startTest({
    name: title,
    fullName: `comparison ${title}`,
    historyId: title,
    status: Status.PASSED,
    stage: Stage.FINISHED,
    labels: [
      { name: LabelName.EPIC, value: 'The incident' },
      { name: LabelName.FEATURE, value: 'comparisons' },
      { name: LabelName.STORY, value: 'outages' },
    ],
  });
  for (const [name, path, contentType] of [
    ['outages', svg, 'image/svg+xml'],
    ['outages (PNG)', png, 'image/png'],
  ] as const)
    runtime.writeAttachment(uuid, undefined, name, readFileSync(path), { contentType });
  runtime.stopTest(uuid);
  runtime.writeTest(uuid);
}
