/**
 * `gluster volume heal V info`, `info split-brain` and `info summary`. Formats: heal/src/glfs-heal.c. A brick that could not be asked
 * prints `-` or no number at all and the command still exits with 0: such a count is not seen, and never 0.
 */
import { brick } from '../../harness/index.ts';
import type { HealInfoBrick, HealSummaryBrick, Seen } from '../../harness/index.ts';
import { count, excerpt, notSeen } from './seen.ts';
import { all, cliOutput, maybe, only, textOf } from './xml.ts';
import type { Element } from './xml.ts';

const CONNECTED = 'Connected';
const MARK = ' - Is in split-brain';
const HEALING = ' - Possibly undergoing heal';
const NUMBER = /^Number of entries(?: in split-brain)?: (.*)$/;

interface Reading {
  readonly name: string;
  status: string | undefined;
  number: string | undefined;
  readonly listed: string[];
  readonly inSplitBrain: string[];
  /** Lines that no rule explains. */
  readonly odd: string[];
}

/** Text of `heal info` or `heal info split-brain`; throws when no brick is listed or a line stands before the first one. */
export function parseHealText(text: string): { readonly bricks: readonly HealInfoBrick[] } {
  const readings: Reading[] = [];
  for (const line of text.split('\n')) {
    const current = readings.at(-1);
    const finished = current === undefined || current.number !== undefined || current.status !== undefined;
    if (line.trim() === '') continue;
    if (line.startsWith('Brick ') && (finished || current.listed.length === 0)) {
      readings.push({
        name: line.slice(6),
        status: undefined,
        number: undefined,
        listed: [],
        inSplitBrain: [],
        odd: [],
      });
    } else if (current === undefined) {
      throw new Error(`a line before the first brick: ${excerpt(line)}`);
    } else {
      readLine(current, line);
    }
  }
  if (readings.length === 0) throw new Error(`no brick in the answer: ${excerpt(text)}`);
  return { bricks: readings.map((one) => finish(one)) };
}

function readLine(current: Reading, line: string): void {
  const number = NUMBER.exec(line)?.[1];
  if (number !== undefined) {
    if (current.number !== undefined) current.odd.push(line);
    current.number = number.trim();
  } else if (line.startsWith('Status: ')) {
    if (current.status !== undefined) current.odd.push(line);
    current.status = line.slice(8).trim();
  } else if (line.startsWith('/') || line.startsWith('<gfid:')) {
    const split = line.endsWith(MARK);
    const name = line.replace(MARK, '').replace(HEALING, '').trimEnd();
    current.listed.push(name);
    if (split) current.inSplitBrain.push(name);
  } else {
    current.odd.push(line);
  }
}

function finish(one: Reading): HealInfoBrick {
  const status = one.status ?? '';
  return {
    brick: brick(one.name),
    connected: status === CONNECTED && one.odd.length === 0,
    status: one.odd.length === 0 ? status : `${status} ${one.odd.join(' ')}`.trim(),
    entries: entries(one.number, one.listed.length, one.odd[0]),
    inSplitBrain: one.inSplitBrain,
    listed: one.listed,
  };
}

/** A number that the listing itself contradicts is not believed: a file name may hold a line break. */
function entries(
  number: string | undefined,
  listed: number,
  odd: string | undefined,
): Seen<{ readonly count: number }> {
  if (odd !== undefined) return notSeen(`a line that is not understood: ${excerpt(odd)}`);
  if (number === undefined) return notSeen('no number of entries is printed');
  const value = count(number);
  if (value === undefined) return notSeen(`the number of entries is "${number}"`);
  if (value !== listed) return notSeen(`the number of entries is ${value}, but ${listed} are listed`);
  return { seen: true, count: value };
}

/** XML of `heal info` or `heal info split-brain`. It has no split-brain marker: `inSplitBrain` is always empty. */
export function parseHealXml(xml: string): { readonly bricks: readonly HealInfoBrick[] } {
  const bricks = healBricks(xml).map((one): HealInfoBrick => {
    const status = maybe(one, 'status') ?? '';
    const listed = all(one, 'file').map((file) => file.text || `<gfid:${file.attributes['gfid'] ?? '?'}>`);
    const known = one.attributes['hostUuid'] !== '-';
    return {
      brick: brick(textOf(one, 'name')),
      connected: status === CONNECTED && known,
      status,
      entries: entries(maybe(one, 'numberOfEntries'), listed.length, undefined),
      inSplitBrain: [],
      listed,
    };
  });
  return { bricks };
}

/** XML of `heal info summary`. With a brick down it carries its counts inside `<status>`, or not at all. */
export function parseHealSummary(xml: string): { readonly bricks: readonly HealSummaryBrick[] } {
  return { bricks: healBricks(xml).map((one) => summary(one)) };
}

function summary(one: Element): HealSummaryBrick {
  const status = maybe(one, 'status') ?? '';
  const [total, pending, splitBrain, possiblyHealing] = [
    'totalNumberOfEntries',
    'numberOfEntriesInHealPending',
    'numberOfEntriesInSplitBrain',
    'numberOfEntriesPossiblyHealing',
  ].map((name) => count(maybe(one, name)));
  const name = brick(textOf(one, 'name'));
  if (
    total === undefined ||
    pending === undefined ||
    splitBrain === undefined ||
    possiblyHealing === undefined
  ) {
    return {
      brick: name,
      status,
      counts: notSeen(`not all four counts are printed; status is ${excerpt(status)}`),
    };
  }
  return { brick: name, status, counts: { seen: true, total, pending, splitBrain, possiblyHealing } };
}

function healBricks(xml: string): readonly Element[] {
  const bricks = all(only(only(cliOutput(xml), 'healInfo'), 'bricks'), 'brick');
  if (bricks.length === 0) throw new Error('the answer lists no brick');
  return bricks;
}

/**
 * Text of `statistics heal-count`. No gate sends that command: with a stuck self-heal daemon it hangs and leaves the volume locked.
 * The parser is for reading answers that others have captured.
 */
export function parseHealCount(text: string): {
  readonly bricks: readonly { readonly brick: string; readonly entries: Seen<{ readonly count: number }> }[];
} {
  const blocks = text.split(/^Brick /m).slice(1);
  if (blocks.length === 0) throw new Error(`no brick in the answer: ${excerpt(text)}`);
  return {
    bricks: blocks.map((block) => {
      const [name = '', ...rest] = block.split('\n').map((line) => line.trim());
      const number = rest.map((line) => NUMBER.exec(line)?.[1]).find((value) => value !== undefined);
      const value = count(number);
      return {
        brick: name,
        entries:
          value === undefined
            ? notSeen(`no count: ${excerpt(rest.join(' '))}`)
            : { seen: true, count: value },
      };
    }),
  };
}
