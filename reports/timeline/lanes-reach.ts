/** Who outside could reach the site: green while they could, a labelled block while they could not. */
import { siteClockOf } from '../../harness/index.ts';
import type { History, Prober } from '../../harness/index.ts';
import type { Outage } from '../outages.ts';
import { outagesOf } from '../outages.ts';
import type { Drawing, Lane, LegendKey } from './lane.ts';
import { BAR, barBox, besides, labelled, SMALL } from './lane.ts';
import { COLOR, rect } from './svg.ts';
import { duration, textWidth } from './text.ts';

const WHO: readonly (readonly [Prober, string])[] = [
  ['customer', 'customer'],
  ['offsite', 'offsite poller'],
  ['operator', 'operator'],
];

export function reachLanes(drawing: Drawing): readonly Lane[] {
  const { history } = drawing;
  return WHO.flatMap(([by, label]): Lane[] => {
    const probes = history.filter((event) => event.kind === 'probe' && event.by === by);
    const [first, last] = [probes[0]?.atMs, probes.at(-1)?.atMs];
    if (first === undefined || last === undefined) return [];
    const outages = outagesOf(history, by);
    const looked = barBox(drawing, first, last, 0, 6);
    const good = (y: number): string =>
      looked ? rect({ ...looked, y: y + 6 }, COLOR.green, {}, `${label} reaches the site`) : '';
    const draw = (y: number): string =>
      good(y) + outages.map((outage) => cutOff(drawing, outage, y)).join('');
    const uses: LegendKey[] = outages.length > 0 ? ['reached', 'outage'] : ['reached'];
    return [{ group: 'Who could reach the site', label, height: BAR + 4, draw, uses }];
  });
}

/** The block of one outage; its text stands on paper beside it where it is too short for it. */
function cutOff(drawing: Drawing, outage: Outage, y: number): string {
  const box = barBox(drawing, outage.fromMs, outage.toMs, y, BAR);
  if (box === undefined) return '';
  const says = sentence(drawing.history, outage);
  if (textWidth(says, SMALL) + 12 <= box.w) return labelled(box, COLOR.red, says, COLOR.paper);
  const beside = besides(drawing, { x: box.x + box.w + 5, orEndAt: box.x - 5, label: says }, y + 13.3);
  const ground = rect({ x: beside.from - 3, y, w: beside.to - beside.from + 6, h: BAR }, COLOR.paper);
  return rect(box, COLOR.red, {}, says) + ground + beside.svg;
}

function sentence(history: History, outage: Outage): string {
  const lab = (outage.toMs - outage.fromMs) / 1000;
  const modelled = siteClockOf(history).modelledSeconds(outage);
  const site = modelled > 0 ? `, ${duration(lab + modelled)} on the site’s clock` : '';
  return `cut off ${outage.unended ? 'at least ' : ''}${duration(lab)}${site}`;
}
