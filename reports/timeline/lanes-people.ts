/** The people's lane: what they did while the lab's clock stood still, each part with the time of the site's clock at which it ended. */
import { clockText } from '../../harness/index.ts';
import { chaptersOf } from '../people.ts';
import type { Chapter } from '../people.ts';
import type { Break } from './axis.ts';
import type { Drawing, Lane } from './lane.ts';
import { BAR, besides, SMALL } from './lane.ts';
import { COLOR, line, rect } from './svg.ts';
import { duration, textWidth } from './text.ts';

const ROW = BAR + 4;
/** Narrower marks of messages can't be told apart. */
const TICK = 1.2;

export function peopleLanes(drawing: Drawing): readonly Lane[] {
  const { axis, history } = drawing;
  const squeezed = new Set(axis.breaks.flatMap(({ people }) => people));
  const inBreaks = axis.breaks.flatMap((one) => chapterRows(drawing, one));
  const alone = history
    .filter((event) => event.kind === 'person')
    .filter((person) => !squeezed.has(person))
    .filter(({ atMs }) => atMs >= axis.window.fromMs && atMs <= axis.window.toMs);
  const rows = [
    ...inBreaks,
    ...chaptersOf(alone).map((chapter, i) => {
      const x = axis.x(alone[i]?.atMs ?? 0);
      return (y: number) => row(drawing, chapter, { x, w: 3 }, undefined, y);
    }),
  ];
  if (rows.length === 0) return [];
  // One row each: the doings follow one another, and their texts all want the same place.
  return [
    {
      group: 'Monitoring and people',
      label: 'people',
      height: rows.length * ROW,
      draw: (y) => rows.map((draw, i) => draw(y + i * ROW)).join(''),
      uses: ['modelled'],
    },
  ];
}

function chapterRows(drawing: Drawing, gap: Break): readonly ((y: number) => string)[] {
  let at = gap.x0;
  return chaptersOf(gap.people).map((chapter) => {
    const x = at;
    at += ((gap.x1 - gap.x0) * chapter.siteSeconds) / gap.siteSeconds;
    const w = at - x;
    return (y: number) => row(drawing, chapter, { x, w }, gap, y);
  });
}

function row(
  drawing: Drawing,
  chapter: Chapter,
  { x, w }: { readonly x: number; readonly w: number },
  gap: Break | undefined,
  y: number,
): string {
  const when = chapter.clock === undefined ? '' : `${clockText(chapter.clock)}  `;
  const label = `${when}${chapter.who} ${chapter.does}: ${duration(chapter.siteSeconds)}`;
  const roomOnRight = drawing.axis.x1 - (x + w + 6) >= textWidth(label, SMALL);
  const note = { x: (gap?.x1 ?? x + w) + 6, orEndAt: (gap?.x0 ?? x) - 6, label };
  const leader =
    gap !== undefined && roomOnRight
      ? line(x + w, y + BAR / 2, gap.x1 + 3, y + BAR / 2, COLOR.faint, { 'stroke-dasharray': '2 2' })
      : '';
  const ticks = chapter.messages.map(({ afterSeconds, woke }) => {
    const from = x + (w * afterSeconds) / Math.max(1, chapter.siteSeconds);
    return rect({ x: from, y: y + (woke ? 1 : 5), w: TICK, h: woke ? BAR - 2 : BAR - 10 }, COLOR.paper);
  });
  return (
    rect({ x, y: y + 3, w, h: BAR - 6 }, COLOR.fault, {}, label) +
    ticks.join('') +
    leader +
    besides(drawing, note, y + 13.3).svg
  );
}
