/** No split-brain in any form: read from the bricks of every snapshot, with `heal info` as the second witness. */
import type { EventOf, History } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { viewOf } from './copies.ts';
import type { View } from './copies.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { RestoreWatch } from './restores.ts';
import { many, moment, seconds } from './say.ts';
import { splitsOf } from './splits.ts';
import type { Form } from './splits.ts';

export function noSplitBrain(): Oracle {
  return {
    name: 'no-split-brain',
    aspect: 'data',
    means:
      'No file or directory is ever in split-brain: not in data, metadata, entries, gfid or type, and never are all copies accused',
    evidence:
      'file, form, who accuses whom, the first and the last snapshot that showed it; or the line of heal info',
    check,
  };
}

const SAYS: Readonly<Record<Form, string>> = {
  data: 'is in data split-brain',
  metadata: 'is in metadata split-brain',
  entry: 'is in entry split-brain',
  gfid: 'has different gfids under one name',
  type: 'has different types under one name',
  'all-accused': 'has no copy that nobody accuses; gluster does not call it split-brain and does not heal it',
};

interface Seen {
  readonly path: string;
  readonly what: string;
  readonly first: EventOf<'observed'>;
  last: EventOf<'observed'>;
}

function check(history: History): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const looks = new Looks(frame, found);
  for (const event of history) looks.see(event);
  looks.end();
  for (const { path, what, first, last } of looks.seen.values())
    found.find({
      what: `${what} (seen ${moment(first.atMs)}${last === first ? '' : ` until ${seconds(last.atMs)}`})`,
      evidence: evidence(first.seq, last.seq),
      file: path,
      atMs: first.atMs,
      untilMs: last.atMs,
    });
  return found.conclude(frame, {
    broken: () => `${many(looks.files.size, 'file')} in split-brain: ${found.summary()}`,
    holds: () => `${many(looks.snapshots, 'snapshot')} of all bricks show no split-brain in any form`,
    looked: looks.looked,
  });
}

class Looks {
  readonly seen = new Map<string, Seen>();
  readonly files = new Set<string>();
  looked = 0;
  snapshots = 0;
  readonly #frame: Frame;
  readonly #found: Case;
  readonly #restores = new RestoreWatch();
  /** Whether a snapshot of all bricks was made since a node last went or came. */
  #fresh = false;
  #final = false;
  #last: { readonly view: View; readonly label: string } | undefined;

  constructor(frame: Frame, found: Case) {
    this.#frame = frame;
    this.#found = found;
  }

  see(event: History[number]): void {
    if (event.kind === 'node') this.#fresh = false;
    else if (event.kind === 'observed') this.#look(event);
    else if (this.#restores.see(event).length > 0 && !this.#fresh)
      this.#found.doubt(
        'a router was restored from backup before anybody looked at all bricks: what was wrong with them is gone',
      );
  }

  end(): void {
    if (this.#last === undefined) this.#found.doubt('nobody ever looked at the bricks');
    for (const { brick, because } of this.#last?.view.unseen ?? [])
      this.#found.doubt(`the last look ("${this.#last?.label}") did not see ${brick}: ${because}`);
    const observe = this.#frame.phases.get('observe');
    if (observe !== undefined && !this.#final)
      this.#found.doubt('nobody looked at the bricks after settling');
  }

  #look(event: EventOf<'observed'>): void {
    const view = viewOf(event, this.#frame);
    const whole = view.unseen.length === 0 && view.bricks.length > 0;
    this.#last = { view, label: event.snapshot.label };
    const observe = this.#frame.phases.get('observe');
    if (observe !== undefined && event.seq > observe.seq) this.#final = true;
    if (whole) {
      this.#fresh = true;
      this.snapshots += 1;
      this.looked += view.files.length;
    }
    for (const { path, name, form, sides, proven } of splitsOf(view, this.#frame.spec)) {
      if (proven) this.#note(event, path, `${path} ${form}`, `${name} ${SAYS[form]}: ${sides}`);
      else
        this.#found.doubt(
          `${name} ${SAYS[form]} in the look "${event.snapshot.label}", but the bricks were read too far apart to be sure`,
        );
    }
    this.#askHealInfo(event);
  }

  #askHealInfo(event: EventOf<'observed'>): void {
    const { cli } = event.snapshot;
    if (!cli.seen) return;
    for (const { brick, inSplitBrain } of cli.healInfo)
      for (const path of inSplitBrain)
        if (!this.files.has(path) || this.seen.has(`${path} cli`))
          this.#note(
            event,
            path,
            `${path} cli`,
            `heal info on ${cli.from} calls ${path} split-brain (${brick})`,
          );
  }

  #note(event: EventOf<'observed'>, path: string, key: string, what: string): void {
    this.files.add(path);
    const seen = this.seen.get(key);
    if (seen === undefined) this.seen.set(key, { path, what, first: event, last: event });
    else seen.last = event;
  }
}
