/** One lane per node: its power, whether its brick names heals, whether the others reach its brick. */
import type { BrickId, NodeName } from '../../harness/index.ts';
import { nodeOfBrick } from '../../harness/index.ts';
import type { Drawing, Lane } from './lane.ts';
import { BAR, barBox, labelled } from './lane.ts';
import type { NodeState, Span } from './states.ts';
import { brickAway, nodeSpans } from './states.ts';
import { COLOR, rect } from './svg.ts';
import { duration } from './text.ts';

const NODE_LOOK: Readonly<Record<NodeState, { fill: string; ink: string; label: string }>> = {
  up: { fill: COLOR.up, ink: COLOR.soft, label: '' },
  healing: { fill: 'url(#hatch-healing)', ink: COLOR.ink, label: '' },
  down: { fill: COLOR.down, ink: COLOR.paper, label: 'down' },
  booting: { fill: 'url(#hatch-booting)', ink: COLOR.ink, label: 'booting' },
};

export function nodeLanes(
  drawing: Drawing,
  nodes: readonly NodeName[],
  bricks: readonly BrickId[],
): readonly Lane[] {
  const end = drawing.axis.window.toMs;
  return nodes.map((node): Lane => {
    const spans = nodeSpans(drawing.history, node, end);
    const own = bricks.find((id) => nodeOfBrick(id) === node);
    const away = own === undefined ? [] : brickAway(drawing.history, own, end);
    const bar = ({ fromMs, toMs, state }: Span<NodeState>, y: number): string => {
      const box = barBox(drawing, fromMs, toMs, y, BAR);
      const { fill, ink, label } = NODE_LOOK[state];
      return box
        ? labelled(box, fill, label, ink, `${node} ${state}, ${duration((toMs - fromMs) / 1000)}`)
        : '';
    };
    const gone = ({ fromMs, toMs }: { fromMs: number; toMs: number }, y: number): string => {
      const box = barBox(drawing, fromMs, toMs, y + BAR + 1, 3);
      return box ? rect(box, COLOR.red, {}, `brick on ${node} not connected`) : '';
    };
    return {
      group: 'Nodes',
      label: node,
      note: own === undefined ? 'no brick' : 'brick',
      height: BAR + 5,
      draw: (y) => spans.map((span) => bar(span, y)).join('') + away.map((span) => gone(span, y)).join(''),
      uses: [
        ...new Set(spans.map(({ state }) => state)),
        ...(away.length > 0 ? (['brick-away'] as const) : []),
      ],
    };
  });
}
