/** A run as one picture: what was done, what the site did, who noticed. Pure: a history in, SVG text out. */
import type { BrickId, EventOf, History } from '../harness/index.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import { outagesOf, phaseBegan, playOf } from './outages.ts';
import { axisOf } from './timeline/axis.ts';
import type { Block, Told } from './timeline/heading.ts';
import { backdrop, breakMarks, figuresBlock, labClock, siteClock, titleBlock } from './timeline/heading.ts';
import type { Drawing, Lane } from './timeline/lane.ts';
import { LABEL, SMALL } from './timeline/lane.ts';
import { alertLanes, gateLanes, procedureLanes } from './timeline/lanes-procedure.ts';
import { backlogLanes } from './timeline/lanes-backlog.ts';
import { nodeLanes } from './timeline/lanes-nodes.ts';
import { peopleLanes } from './timeline/lanes-people.ts';
import { reachLanes } from './timeline/lanes-reach.ts';
import { routerLanes } from './timeline/lanes-routers.ts';
import { legend } from './timeline/legend.ts';
import { COLOR, FONT, line, PATTERNS, rect, text, textOnTop } from './timeline/svg.ts';
import { fit, wrap } from './timeline/text.ts';

export interface TimelineOptions {
  /** Default: the scenario's name and the run's. */
  readonly title?: string;
  readonly told?: Told;
  /** Default: those of the history. */
  readonly figures?: Figures;
  /** Pixels; 900 at least, 1200 by default. */
  readonly width?: number;
  /** Show the set-up and the final look too, not the play alone. */
  readonly whole?: boolean;
}

const MARGIN = 20;
const LABELS = 138;
const GROUP = 24;

/** The picture is as high as it must be. Time 0 is the begin of the play. An empty history gives a picture that says so. */
export function timelineSvg(history: History, options: TimelineOptions = {}): string {
  const width = Math.max(900, options.width ?? 1200);
  const [x0, x1] = [MARGIN, width - MARGIN];
  const began = history.find((event): event is EventOf<'run-began'> => event.kind === 'run-began');
  const window = options.whole === true ? wholeOf(history) : playOf(history);
  const axis = axisOf(history, window, x0 + LABELS, x1 - 14);
  const drawing: Drawing = { history, axis };
  const lanes = lanesOf(drawing, began);
  const used = new Set(lanes.flatMap(({ uses }) => uses ?? []));
  const outages = outagesOf(history, 'customer');

  const title =
    options.title ?? (began ? `${began.scenario}, run ${began.run}` : 'A run without a beginning');
  const above = [
    titleBlock(title, options.told, x0, x1),
    figuresBlock(options.figures ?? figuresOf(history), x0, x1),
    labClock(axis, x0),
  ];
  const top = MARGIN / 2 + heightOf(above) + (axis.breaks.length > 0 ? 18 : 0);
  const body = stack(lanes, x0, x1, top);
  const below = [siteClock(axis, x0), legend(used, x0, x1), remarks(history, began, x0, x1)];
  const height = body.bottom + heightOf(below) + MARGIN;
  const { shapes, words } = textOnTop(body.svg);
  const drawn = [
    rect({ x: 0, y: 0, w: width, h: height }, COLOR.paper),
    place(above, MARGIN / 2),
    backdrop(axis, outages, top, body.bottom),
    shapes,
    breakMarks(axis, top, body.bottom),
    words,
    place(below, body.bottom),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.ceil(height)}" ` +
    `viewBox="0 0 ${width} ${Math.ceil(height)}" font-family="${FONT}"><defs>${PATTERNS}</defs>${drawn.join('\n')}</svg>\n`
  );
}

function wholeOf(history: History): { fromMs: number; toMs: number } {
  return { fromMs: 0, toMs: history.reduce((latest, { atMs }) => Math.max(latest, atMs), 1) };
}

function lanesOf(drawing: Drawing, began: EventOf<'run-began'> | undefined): readonly Lane[] {
  const { history } = drawing;
  const bricks: BrickId[] = [
    ...new Set(
      history.flatMap((event) => (event.kind === 'backlog' || event.kind === 'brick' ? [event.brick] : [])),
    ),
  ].sort();
  const nodes = began?.spec.nodes ?? [
    ...new Set(history.flatMap((event) => (event.kind === 'node' ? [event.node] : []))),
  ];
  const routers = began?.spec.routers.map(({ name }) => name) ?? [];
  return [
    ...procedureLanes(drawing),
    ...gateLanes(drawing),
    ...nodeLanes(drawing, nodes, bricks),
    ...backlogLanes(drawing),
    ...routerLanes(drawing, routers),
    ...reachLanes(drawing),
    ...alertLanes(drawing),
    ...peopleLanes(drawing),
  ];
}

/** Lanes under one another, with a heading wherever the group changes. */
function stack(lanes: readonly Lane[], x0: number, x1: number, top: number): { svg: string; bottom: number } {
  let y = top;
  let group = '';
  const parts: string[] = [];
  for (const lane of lanes) {
    if (lane.group !== group) {
      group = lane.group;
      parts.push(
        line(x0, y + 3, x1, y + 3, COLOR.rule),
        text(group, { size: 12, bold: true, x: x0, y: y + 18, fill: COLOR.soft }),
      );
      y += GROUP;
    }
    const middle = y + Math.min(lane.height, 18) / 2 + 4.5;
    parts.push(
      text(fit(lane.label, LABELS - 10, LABEL), { ...LABEL, x: x0, y: middle }),
      lane.note === undefined
        ? ''
        : text(fit(lane.note, LABELS - 10, SMALL), {
            ...SMALL,
            x: x0 + (lane.height > 30 ? 0 : LABELS - 12),
            y: lane.height > 30 ? middle + 16 : middle,
            fill: COLOR.faint,
            anchor: lane.height > 30 ? 'start' : 'end',
          }),
      lane.draw(y),
    );
    y += lane.height + 3;
  }
  return { svg: parts.join('\n'), bottom: y + 4 };
}

/** What the reader must know to believe the picture: how the history ended, and what in it is modelled. */
function remarks(history: History, began: EventOf<'run-began'> | undefined, x0: number, x1: number): Block {
  const aborted = history.find((event) => event.kind === 'aborted');
  const over = phaseBegan(history, 'over') !== undefined;
  const sentences = [
    ...(history.length === 0 ? ['The history is empty: nothing was seen.'] : []),
    ...(aborted ? [`The run was aborted: ${aborted.because}`] : []),
    ...(over || history.length === 0 ? [] : ['The history ends before the run was over.']),
    ...(began && began.modelled.length > 0 ? [`Modelled, not real: ${began.modelled.join('; ')}.`] : []),
  ];
  const rows = sentences.flatMap((sentence) => wrap(sentence, x1 - x0, 3, SMALL));
  return {
    height: rows.length * 17 + 10,
    draw: (y) =>
      rows.map((row, i) => text(row, { ...SMALL, x: x0, y: y + 20 + i * 17, fill: COLOR.soft })).join(''),
  };
}

const heightOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { height }) => sum + height, 0);

function place(blocks: readonly Block[], top: number): string {
  let y = top;
  return blocks
    .map((block) => {
      const svg = block.draw(y);
      y += block.height;
      return svg;
    })
    .join('\n');
}
