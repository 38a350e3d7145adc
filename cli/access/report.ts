/** What the access graph says of a site, as lines. */
import type { AccessReport } from '../../harness/index.ts';

export function accessText({ states, findings, cutsOfWayIn }: AccessReport): string {
  const width = Math.max(...states.map(({ name }) => name.length), 'broken'.length);
  const cell = (up: boolean): string => (up ? 'yes' : 'NO').padEnd(8);
  const rows = states.map(({ name, page, wayIn, told, restore }) =>
    `${name.padEnd(width)}  ${[page, wayIn, told, restore].map(cell).join('')}`.trimEnd(),
  );
  return [
    `${'broken'.padEnd(width)}  ${['served', 'way in', 'told', 'restore'].map((head) => head.padEnd(8)).join('')}`.trimEnd(),
    ...rows,
    '',
    ...(findings.length === 0
      ? ['Every outage leaves a way to end it.']
      : findings.map(({ state, what, because }) => `! ${state}: ${what}\n    ${because}`)),
    '',
    `What takes every way in from afar away: ${cutsOfWayIn.map((cut) => cut.join(' + ')).join('; ')}`,
    '',
  ].join('\n');
}
