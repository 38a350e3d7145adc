/** What customers stored is there and is what they stored. */
import type { EventOf, History } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { many, moment } from './say.ts';

export function customerFilesIntact(): Oracle {
  return {
    name: 'customer-files-intact',
    aspect: 'data',
    means:
      'Every customer file is readable through a mount and has the checksum that it was written with, whenever somebody looked',
    evidence: 'file, damaged or unreadable, and the snapshot that shows it',
    check,
  };
}

function check(history: History): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const observe = frame.phases.get('observe');
  const wanted = frame.spec?.customerFiles.count ?? 0;
  let last: EventOf<'observed'> | undefined;
  let looks = 0;
  let looked = 0;
  for (const event of history) {
    if (event.kind !== 'observed') continue;
    if (observe !== undefined && event.seq > observe.seq) last = event;
    const seen = judge(event, found);
    looked += seen;
    if (seen > 0) looks += 1;
  }
  if (wanted === 0) found.doubt('the site has no customer files');
  judgeLast(last, wanted, found, frame);
  return found.conclude(frame, {
    broken: () => `customers lost data: ${found.summary()}`,
    holds: () => `all ${many(wanted, 'customer file')} intact in ${many(looks, 'look')}`,
    looked,
  });
}

/** How many files were looked at. */
function judge(event: EventOf<'observed'>, found: Case): number {
  const files = event.snapshot.customerFiles;
  if (!files.seen) return 0;
  const note = (file: string, how: string) =>
    found.find({
      what: `${file} is ${how} ${moment(event.atMs)}`,
      evidence: evidence(event.seq),
      file,
      atMs: event.atMs,
    });
  for (const file of files.damaged) note(file, 'damaged');
  for (const file of files.unreadable) note(file, 'unreadable');
  return files.intact + files.damaged.length + files.unreadable.length;
}

function judgeLast(last: EventOf<'observed'> | undefined, wanted: number, found: Case, frame: Frame): void {
  if (last === undefined) {
    if (frame.incomplete === undefined) found.doubt('nobody looked at the customer files after settling');
    return;
  }
  const files = last.snapshot.customerFiles;
  if (!files.seen) {
    found.doubt(`the customer files were not read after settling: ${files.because}`);
    return;
  }
  const looked = files.intact + files.damaged.length + files.unreadable.length;
  if (looked !== wanted)
    found.doubt(`only ${looked} of ${many(wanted, 'customer file')} were looked at after settling`);
}
