/** From a made-up cluster to everything that `gluster` would answer on one of its nodes. */
import type { NodeName } from '../model/names.ts';
import { failed, TOPICS } from './answer.ts';
import type { CliAnswer, CliQuestion, Topic } from './answer.ts';
import {
  NO_GLUSTERD,
  peerStatus,
  poolList,
  volumeGet,
  volumeInfo,
  volumeList,
  volumesOf,
  volumeStatus,
} from './glusterd-answers.ts';
import { healAnswer, healCount } from './heal-answers.ts';
import { healthy, machineOf } from './world.ts';
import type { World } from './world.ts';
import { xmlFile } from './xml.ts';

const OF_THE_POOL: ReadonlySet<Topic> = new Set(['volume-list', 'peer-status', 'pool-list']);
/** `volume info` and `volume status` without a name tell of every volume. */
const OF_ALL_VOLUMES: ReadonlySet<Topic> = new Set(['volume-info', 'volume-status', 'volume-status-detail']);

/** Every question that has an answer in this world. */
export function questionsOf(world: World): readonly CliQuestion[] {
  return TOPICS.flatMap((topic) => {
    const volumes: readonly (string | undefined)[] = OF_THE_POOL.has(topic)
      ? [undefined]
      : OF_ALL_VOLUMES.has(topic)
        ? [undefined, ...volumesOf(world)]
        : volumesOf(world);
    return volumes.flatMap((volume) => [false, true].map((xml) => ({ topic, xml, volume })));
  });
}

export function answerTo(world: World, view: NodeName, question: CliQuestion): CliAnswer {
  const plain = machineOf(world, view).glusterd === 'stopped' ? NO_GLUSTERD : answered(world, view, question);
  const takes = plain.takes === 'forever' ? plain.takes : plain.takes + world.slowSeconds;
  return world.distort({ ...plain, takes }, question, view);
}

function answered(world: World, view: NodeName, question: CliQuestion): CliAnswer {
  const { volume, topic } = question;
  if (volume === undefined && OF_ALL_VOLUMES.has(topic)) return ofAllVolumes(world, view, question);
  return ofOne(volume === undefined ? world : about(world, volume), view, question);
}

/** The same cluster with another of its volumes in the middle. */
function about(world: World, volume: string): World {
  if (volume === world.site.volume) return world;
  const site = { ...world.site, volume, brickPath: `/bricks/${volume}/brick` };
  return { ...healthy(site), machines: world.machines };
}

function ofAllVolumes(world: World, view: NodeName, question: CliQuestion): CliAnswer {
  const each = volumesOf(world).map((volume) => ofOne(about(world, volume), view, question));
  const [first] = each;
  if (first === undefined || each.length === 1) return first ?? failed('No volumes present\n', 0);
  if (!question.xml) return { ...first, stdout: each.map((one) => one.stdout).join('\n') };
  const volumes = each.map((one) => /<volume>.*<\/volume>/s.exec(one.stdout)?.[0] ?? '').join('');
  return { ...first, stdout: first.stdout.replace(/<volume>.*<\/volume>/s, volumes) };
}

function ofOne(world: World, view: NodeName, question: CliQuestion): CliAnswer {
  const { topic, xml } = question;
  switch (topic) {
    case 'volume-list':
      return volumeList(world, xml);
    case 'volume-info':
      return volumeInfo(world, xml);
    case 'volume-status':
    case 'volume-status-detail':
    case 'volume-status-clients':
    case 'volume-status-tasks':
      return volumeStatus(world, view, question);
    case 'volume-get':
      return volumeGet(world, xml);
    case 'heal-info':
    case 'heal-summary':
    case 'heal-split-brain':
      return healAnswer(world, view, question);
    case 'heal-count':
      return healCount(world, view, xml);
    case 'peer-status':
      return peerStatus(world, view, xml);
    case 'pool-list':
      return poolList(world, view, xml);
  }
}

/** What a command that needs the volume's lock answers while somebody else has it. */
export function lockTaken(volume: string, xml: boolean): CliAnswer {
  const text = `Another transaction is in progress for ${volume}. Please try again after some time.`;
  return xml ? failed(xmlFile('', -1, 30_802, text), 1) : failed('', 1, `${text}\n`);
}
