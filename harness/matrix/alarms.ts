/** What alerts made of whole nights: whom they told, and whether it was before it was too late. Pure. */
import type { History } from '../model/event.ts';
import { noReturnOf } from '../oracles/no-return.ts';
import { detectionOf, markdown } from './table.ts';

/** Markdown: a row for each night, played without a fault of the catalogue; a page counts as one when it reached the pager. A page in a night in which all went well is a false alarm. */
export function nightsTable(histories: readonly History[]): string {
  return markdown(
    ['night', 'paged', 'by mail', 'fired and reached nobody', 'told before the point of no return'],
    histories.map((history) => {
      const { falseAlarms } = detectionOf(history);
      const ours = falseAlarms.filter(({ set }) => set === undefined);
      const names = (of: readonly (typeof ours)[number][]): string =>
        [...new Set(of.map(({ alert }) => alert))].join(', ');
      const [arrived, silent] = [ours.filter((one) => one.delivered), ours.filter((one) => !one.delivered)];
      return [
        nightOf(history),
        names(arrived.filter((one) => one.pages)) || 'nobody',
        names(arrived.filter((one) => !one.pages)) || 'nothing',
        names(silent) || '–',
        beforeNoReturn(history),
      ];
    }),
  );
}

function beforeNoReturn(history: History): string {
  const found = noReturnOf(history);
  if (found === undefined) return 'there was none';
  const [first] = found.before;
  return first === undefined ? 'nobody' : `${first.alert}, ${first.secondsBefore.toFixed(1)} s before it`;
}

const nightOf = (history: History): string =>
  history.find((event) => event.kind === 'run-began')?.scenario ?? 'unknown';
