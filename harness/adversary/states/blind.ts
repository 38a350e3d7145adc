/** Answers that hold no number, or only half of one: empty, late, refused, cut short. Whatever they are, they are not zero. */
import { failed, said, WALKS } from '../answer.ts';
import type { CliAnswer, CliQuestion } from '../answer.ts';
import { lockTaken } from '../answers.ts';
import { noGo } from '../state.ts';
import type { StateFor } from '../state.ts';
import { brickOf, castOf, healthy, withBacklog } from '../world.ts';
import type { AttackSite, Distort, World } from '../world.ts';

const HEAL = (question: CliQuestion): boolean => WALKS.has(question.topic) || question.topic === 'heal-count';

const distorted = (world: World, distort: Distort): World => ({ ...world, distort });

/** 125 files are stale on the node that is asked about, whatever the answers say. */
function sick(site: AttackSite): World {
  const { here, asked, third } = castOf(site);
  return withBacklog(healthy(site), 125, [here, third], [asked]);
}

const TRUTH = 'behind the answer 125 files wait to be healed';
const WALKS_TELL = '125 files wait to be healed; only heal info still tells';

/** As the CLI says it when its own patience ends (cli/src/cli-cmd.c `cli_cmd_await_response`). */
const PATIENCE: CliAnswer = failed('Error : Request timed out\n', 1, '', 120);

/** The heal walks run in glfsheal and take no lock of glusterd: they go on when its own commands do not (measured with a lock that stayed). */
const onGlusterd =
  (change: (answer: CliAnswer, question: CliQuestion) => CliAnswer): Distort =>
  (answer, question) =>
    WALKS.has(question.topic) ? answer : change(answer, question);

const onWalks =
  (change: (answer: CliAnswer, question: CliQuestion) => CliAnswer): Distort =>
  (answer, question) =>
    WALKS.has(question.topic) ? change(answer, question) : answer;

const onHeal =
  (change: (answer: CliAnswer, question: CliQuestion) => CliAnswer): Distort =>
  (answer, question) =>
    HEAL(question) ? change(answer, question) : answer;

export const BLIND: readonly StateFor[] = [
  (site) =>
    noGo(
      {
        name: 'empty-output',
        title: 'heal commands print nothing and exit with 0',
        because: TRUTH,
        lure: 'nothing printed, so no line with a number to add up',
      },
      distorted(
        sick(site),
        onHeal(() => said('')),
      ),
    ),
  (site) =>
    noGo(
      {
        name: 'time-out',
        title: 'what asks glusterd ends after 120 s with an error',
        because: WALKS_TELL,
        lure: 'an error message without a number, exit code 1',
      },
      distorted(
        sick(site),
        onGlusterd((answer, { topic }) =>
          topic === 'peer-status' || topic === 'pool-list' || topic === 'volume-list' ? answer : PATIENCE,
        ),
      ),
    ),
  (site) =>
    noGo(
      {
        name: 'hangs',
        title: 'heal commands never answer',
        because: TRUTH,
        lure: 'after its patience a gate has nothing, which is not zero',
        mayHang: true,
      },
      distorted(
        sick(site),
        onHeal((answer) => ({ ...answer, stdout: '', takes: 'forever' })),
      ),
    ),
  (site) =>
    noGo(
      {
        name: 'lock-taken',
        title: '"Another transaction is in progress", exit code 1',
        because: WALKS_TELL,
        lure: 'an error message without a number; only the exit code tells',
      },
      distorted(
        sick(site),
        onGlusterd((answer, { volume, topic, xml }) =>
          volume === undefined || topic === 'volume-info' ? answer : lockTaken(volume, xml),
        ),
      ),
    ),
  (site) =>
    noGo(
      {
        name: 'walk-broken-off',
        title: '"Failed to process entries completely", no number',
        because: TRUTH,
        lure: 'one brick has a status but no number, the others have 0',
      },
      distorted(sick(site), onWalks(brokenOff(site))),
    ),
  (site) =>
    noGo(
      {
        name: 'cut-short',
        title: 'the answer ends in the middle of the second brick',
        because: TRUTH,
        lure: 'all numbers that are there are 0',
      },
      distorted(
        sick(site),
        onHeal((_, question) => cutShort(site, question)),
      ),
    ),
  (site) => {
    const { here } = castOf(site);
    return noGo(
      {
        name: 'brick-not-listed',
        title: 'heal info leaves one brick out',
        because: 'the brick that is left out is the one that knows of 125 files to heal',
        lure: 'every brick that is listed has 0',
      },
      distorted(
        withBacklog(healthy(site), 125, [here], [castOf(site).asked]),
        onHeal((answer) => withoutBrick(answer, brickOf(healthy(site), here))),
      ),
    );
  },
];

/** Zero for all bricks but the third, whose walk broke off (heal/src/glfs-heal.c `glfsh_print_*_heal_op_status`). */
function brokenOff(site: AttackSite): (answer: CliAnswer, question: CliQuestion) => CliAnswer {
  const why = 'Failed to process entries completely. (Transport endpoint is not connected)';
  return (answer, question) => {
    const zero = zeros(site, question);
    const last = brickOf(healthy(site), site.nodes[2]);
    if (zero === undefined) return answer;
    const stdout = question.xml
      ? zero.replace(
          new RegExp(`(<name>${last}</name>)<status>Connected</status>(<\\w+>0</\\w+>)+`),
          `$1<status>${why}</status>`,
        )
      : zero.replace(
          new RegExp(`(Brick ${last}\n)Status: Connected\n(?:[^\n]+: 0\n)+`),
          `$1Status: ${why}\n`,
        );
    return said(stdout);
  };
}

function cutShort(site: AttackSite, question: CliQuestion): CliAnswer {
  const zero = zeros(site, question) ?? '';
  const second = zero.indexOf(brickOf(healthy(site), site.nodes[1]));
  return said(zero.slice(0, second < 0 ? zero.length : second + 4));
}

/** What the same question gets when all is well. */
function zeros(site: AttackSite, { topic, xml }: CliQuestion): string | undefined {
  const counts = xml
    ? SUMMARY.map(([tag]) => `<${tag}>0</${tag}>`).join('')
    : SUMMARY.map(([, words]) => `${words}: 0\n`).join('');
  const bricks = site.nodes.map((one) => brickOf(healthy(site), one));
  const number = topic === 'heal-split-brain' ? 'Number of entries in split-brain' : 'Number of entries';
  if (xml) {
    if (topic === 'heal-count') return undefined;
    const inner = topic === 'heal-summary' ? counts : '<numberOfEntries>0</numberOfEntries>';
    const all = bricks.map(
      (name) => `<brick hostUuid="${UUID}"><name>${name}</name><status>Connected</status>${inner}</brick>`,
    );
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cliOutput><healInfo><bricks>${all.join('')}</bricks></healInfo><opRet>0</opRet><opErrno>0</opErrno><opErrstr/></cliOutput>\n`;
  }
  const inner = topic === 'heal-summary' ? counts : `${number}: 0\n`;
  const status = topic === 'heal-count' ? '' : 'Status: Connected\n';
  return bricks.map((name) => `Brick ${name}\n${status}${inner}\n`).join('');
}

const UUID = '11111111-1111-4111-8111-111111111111';
const SUMMARY: readonly (readonly [tag: string, words: string])[] = [
  ['totalNumberOfEntries', 'Total Number of entries'],
  ['numberOfEntriesInHealPending', 'Number of entries in heal pending'],
  ['numberOfEntriesInSplitBrain', 'Number of entries in split-brain'],
  ['numberOfEntriesPossiblyHealing', 'Number of entries possibly healing'],
];

function withoutBrick(answer: CliAnswer, brick: string): CliAnswer {
  const text = answer.stdout
    .replace(new RegExp(`^Brick ${brick}\n(?:.+\n)+\n?`, 'm'), '')
    .replace(new RegExp(`<brick hostUuid="[^"]*"><name>${brick}</name>.*?</brick>`, 's'), '');
  return { ...answer, stdout: text };
}
