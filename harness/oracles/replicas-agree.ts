/** After settling all copies of a file are the same, byte for byte. Finds the silent divergence that no attribute shows. */
import type { FileOnBrick } from '../model/facts.ts';
import type { History } from '../model/event.ts';
import { gfid } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { wasStill } from './copies.ts';
import type { Copies, View } from './copies.ts';
import { finalLook } from './final-look.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { many, moment } from './say.ts';

export function replicasAgree(): Oracle {
  return {
    name: 'replicas-agree',
    aspect: 'data',
    means:
      'After settling every file and shard is the same on all data bricks (sha256, size, mode, owner, gfid), and every brick has the same names',
    evidence: 'file, what differs, both sides with their bricks; the snapshot that shows it',
    check,
  };
}

function check(history: History): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const look = finalLook(history, frame, found);
  let compared = 0;
  if (look !== undefined) {
    const { view, event } = look;
    for (const copies of view.files) {
      const differs = difference(view, copies, found);
      if (differs === 'not compared') continue;
      compared += 1;
      if (differs === undefined) continue;
      if (wasStill(copies, view))
        found.find({
          what: `${copies.name}: ${differs} (${moment(event.atMs)})`,
          evidence: evidence(event.seq),
          file: copies.path,
          atMs: event.atMs,
        });
      else found.doubt(`${copies.name} was being written while the bricks were read: ${differs}`);
    }
    wasEverythingThere(view, frame, found);
  }
  const pending = look?.settled?.ok === false ? ' (heal was still pending when time was up)' : '';
  return found.conclude(frame, {
    broken: () => `${many(found.found, 'file')} differ between bricks${pending}: ${found.summary()}`,
    holds: () => `${many(compared, 'file')} and directories are the same on every brick`,
    looked: compared,
  });
}

type Trait = (file: FileOnBrick) => string | undefined;

const TRAITS: readonly (readonly [string, Trait])[] = [
  ['type', ({ type }) => type],
  ['gfid', ({ xattrs }) => gfid(xattrs['trusted.gfid'] ?? '')],
  ['mode', ({ mode }) => mode],
  ['owner', ({ uid, gid }) => `${uid}:${gid}`],
];
/** Only where bytes are: an arbiter keeps names and attributes. */
const DATA_TRAITS: readonly (readonly [string, Trait])[] = [
  ['size', ({ type, size }) => (type === 'file' ? String(size) : undefined)],
  ['sha256', ({ sha256 }) => sha256?.slice(0, 12)],
];

/** What differs, in words; undefined when nothing does. */
function difference(view: View, copies: Copies, found: Case): string | undefined {
  const { on } = copies;
  const lacking = view.bricks.filter((_, at) => on[at] === undefined);
  const having = view.bricks.filter((_, at) => on[at] !== undefined);
  if (lacking.length > 0)
    return `is on ${having.map(({ brick }) => brick).join(', ')} but not on ${lacking.map(({ brick }) => brick).join(', ')}`;
  const data = on.map((file, at) => (view.bricks[at]?.arbiter === true ? undefined : file));
  for (const [what, trait] of TRAITS) {
    const differs = compare(view, on, what, trait);
    if (differs !== undefined) return differs;
  }
  for (const [what, trait] of DATA_TRAITS) {
    const differs = compare(view, data, what, trait);
    if (differs !== undefined) return differs;
  }
  const unhashed = data.findIndex((file) => file?.type === 'file' && file.sha256 === undefined);
  if (unhashed < 0) return undefined;
  found.doubt(`the content of ${copies.name} on ${view.bricks[unhashed]?.brick} was not hashed`);
  return 'not compared';
}

function compare(view: View, on: Copies['on'], what: string, trait: Trait): string | undefined {
  let first = -1;
  let value: string | undefined;
  for (let at = 0; at < on.length; at += 1) {
    const file = on[at];
    const here = file === undefined ? undefined : trait(file);
    if (here === undefined) continue;
    if (first < 0) [first, value] = [at, here];
    else if (here !== value)
      return `${what} is ${value} on ${view.bricks[first]?.brick} and ${here} on ${view.bricks[at]?.brick}`;
  }
  return undefined;
}

/** A comparison that left out the files that matter has looked at nothing. */
function wasEverythingThere(view: View, { spec }: Frame, found: Case): void {
  for (const { name, vmid } of spec?.routers ?? [])
    if (!view.files.some(({ path }) => path.includes(`/vm-${vmid}-disk-`)))
      found.doubt(`the disk of ${name} (vm-${vmid}-disk-*) was on no brick that was read`);
}
