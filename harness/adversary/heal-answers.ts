/** `volume heal V info`, `info summary`, `info split-brain` and `statistics heal-count`, as text and as XML (heal/src/glfs-heal.c). */
import type { NodeName } from '../model/names.ts';
import { failed, said } from './answer.ts';
import type { CliAnswer, CliQuestion } from './answer.ts';
import {
  allBricksReached,
  brickReached,
  hasServerQuorum,
  healListed,
  inXattrop,
  walkSeconds,
} from './sight.ts';
import { brickOf, machineOf, uuidOf } from './world.ts';
import type { World, WorldFile } from './world.ts';
import { element, gathered, xmlFile } from './xml.ts';

const AWAY = 'Transport endpoint is not connected';

interface BrickWalk {
  readonly name: string;
  readonly uuid: string;
  /** Undefined: the brick could not be asked. */
  readonly listed: readonly WorldFile[] | undefined;
}

/** Split-brain is judged only when every brick answers (afr-self-heal-common.c `afr_selfheal_find_direction`). */
function walk(
  world: World,
  view: NodeName,
): { readonly bricks: readonly BrickWalk[]; readonly judged: boolean } {
  const bricks = world.site.nodes.map((owner) => {
    const reached = brickReached(world, view, owner);
    return {
      name: brickOf(world, owner),
      uuid: reached ? uuidOf(world, owner) : '-',
      listed: reached ? healListed(world, owner) : undefined,
    };
  });
  return { bricks, judged: allBricksReached(world, view) };
}

export function healAnswer(world: World, view: NodeName, { topic, xml }: CliQuestion): CliAnswer {
  const volume = world.site.volume;
  if (!hasServerQuorum(world, view)) {
    const text = `${volume}: Not able to fetch volfile from glusterd\nVolume heal failed.\n`;
    return xml ? failed(gathered(element('healInfo', element('bricks')), -1, 5), 251) : failed(text, 251);
  }
  const { bricks, judged } = walk(world, view);
  const takes = walkSeconds(world, view);
  switch (topic) {
    case 'heal-summary':
      return said(xml ? summaryXml(bricks, judged) : summaryText(bricks, judged), takes);
    case 'heal-split-brain': {
      const split = bricks.map((one) => ({
        ...one,
        listed: one.listed?.filter((file) => judged && file.splitBrain),
      }));
      return said(xml ? infoXml(split) : infoText(split, false, ' in split-brain'), takes);
    }
    default:
      return said(xml ? infoXml(bricks) : infoText(bricks, judged, ''), takes);
  }
}

function infoText(bricks: readonly BrickWalk[], marks: boolean, suffix: string): string {
  return bricks
    .map(({ name, listed }) => {
      const files = (listed ?? []).map(
        (file) => `${file.path}${marks && file.splitBrain ? ' - Is in split-brain' : ''}\n`,
      );
      // A marked line is followed by an empty one.
      const lines = files.map((line) => (line.endsWith('split-brain\n') ? `${line}\n` : line)).join('');
      return listed === undefined
        ? `Brick ${name}\nStatus: ${AWAY}\nNumber of entries${suffix}: -\n\n`
        : `Brick ${name}\n${lines}Status: Connected\nNumber of entries${suffix}: ${listed.length}\n\n`;
    })
    .join('');
}

function infoXml(bricks: readonly BrickWalk[]): string {
  const all = bricks.map(({ name, uuid, listed }) =>
    element(
      `brick hostUuid="${uuid}"`,
      element('name', name),
      ...(listed ?? []).map((file) => element(`file gfid="${file.gfid}"`, file.path)),
      element('status', listed === undefined ? AWAY : 'Connected'),
      element('numberOfEntries', listed === undefined ? '-' : String(listed.length)),
    ),
  );
  return gathered(element('healInfo', element('bricks', ...all)), 0, 0);
}

interface Counts {
  readonly total: number;
  readonly pending: number;
  readonly split: number;
}

function counted(listed: readonly WorldFile[], judged: boolean): Counts {
  const split = listed.filter((file) => judged && file.splitBrain).length;
  return { total: listed.length, pending: listed.length - split, split };
}

function summaryText(bricks: readonly BrickWalk[], judged: boolean): string {
  return bricks
    .map(({ name, listed }) => {
      const { total, pending, split } =
        listed === undefined ? { total: '-', pending: '-', split: '-' } : counted(listed, judged);
      return `Brick ${name}
Status: ${listed === undefined ? AWAY : 'Connected'}
Total Number of entries: ${total}
Number of entries in heal pending: ${pending}
Number of entries in split-brain: ${split}
Number of entries possibly healing: ${listed === undefined ? '-' : 0}

`;
    })
    .join('');
}

/** With a brick down the numbers are lost inside `<status>` (measured in every such state). */
function summaryXml(bricks: readonly BrickWalk[], judged: boolean): string {
  const all = bricks.map(({ name, uuid, listed }) => {
    const head = `brick hostUuid="${uuid}"`;
    if (listed === undefined) {
      const status = `Failed to process entries completely. (${AWAY})totalNumberOfEntries0`;
      return element(head, element('name', name), element('status', status));
    }
    const { total, pending, split } = counted(listed, judged);
    return element(
      head,
      element('name', name),
      element('status', 'Connected'),
      element('totalNumberOfEntries', String(total)),
      element('numberOfEntriesInHealPending', String(pending)),
      element('numberOfEntriesInSplitBrain', String(split)),
      element('numberOfEntriesPossiblyHealing', '0'),
    );
  });
  return gathered(element('healInfo', element('bricks', ...all)), 0, 0);
}

/** The self-heal daemons' own count: `indices/xattrop` only, so nothing that is merely dirty. */
export function healCount(world: World, view: NodeName, xml: boolean): CliAnswer {
  const { volume, nodes } = world.site;
  const daemons = nodes.map((one) => machineOf(world, one).selfHeal);
  const off = `Self-heal-daemon is disabled. Heal will not be triggered on volume ${volume}`;
  const begun = `Gathering count of entries to be healed on volume ${volume} `;
  if (daemons.includes('stuck')) return { ...failed('', 1, '', 'forever'), leavesLocked: true };
  const wrong = !hasServerQuorum(world, view)
    ? 'Quorum not met. Volume operation not allowed.'
    : world.options['cluster.self-heal-daemon'] === 'off'
      ? off
      : daemons.every((one) => one === 'dead')
        ? 'Self-heal daemon is not running. Check self-heal daemon log file.'
        : undefined;
  if (wrong !== undefined) {
    return xml
      ? failed(xmlFile('', -1, 0, wrong), 1)
      : failed('', 1, `${begun}has been unsuccessful:\n${wrong}\n`);
  }
  const bricks = nodes.map((owner) =>
    brickReached(world, view, owner)
      ? `Brick ${brickOf(world, owner)}\nNumber of entries: ${inXattrop(world, owner).length}\n\n`
      : `Brick ${brickOf(world, owner)}\nStatus: Brick is not connected\nNo gathered input for this brick\n\n`,
  );
  return said(`${begun}has been successful \n\n${bricks.join('')}`);
}
