/** Receipts: proof, from what others saw, that a reboot took effect. Pure over the history. */
import type { Event, EventOf } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { NodeName } from '../model/names.ts';
import type { EventBody } from '../model/event.ts';

/** Something is missing when it did not show between the reboot and the end of what was recorded. */
type Found =
  | { readonly what: string; readonly seenBy: string }
  | { readonly missing: string; readonly because: string };

function wentDown(after: readonly Event[], node: NodeName): Found {
  const down = after.find((event) => event.kind === 'node' && event.node === node && event.state === 'down');
  return down === undefined
    ? { missing: `${node} powered off`, because: 'the machine room never saw it go off' }
    : { what: `${node} powered off at ${down.atMs} ms`, seenBy: 'the machine room' };
}

function brickLost(before: readonly Event[], after: readonly Event[], node: NodeName): Found | undefined {
  const hasBrick = before.some((event) => event.kind === 'brick' && nodeOfBrick(event.brick) === node);
  if (!hasBrick) return undefined;
  const lost = after.find(
    (event): event is EventOf<'brick'> =>
      event.kind === 'brick' &&
      nodeOfBrick(event.brick) === node &&
      event.seenBy !== node &&
      !event.connected,
  );
  return lost === undefined
    ? { missing: `brick of ${node} gone`, because: 'no other node ever lost its connection to it' }
    : { what: `${lost.brick} gone at ${lost.atMs} ms`, seenBy: `the client on ${lost.seenBy}` };
}

function newBoot(before: readonly Event[], after: readonly Event[], node: NodeName): Found {
  const boots = (events: readonly Event[]) =>
    events.filter(
      (event): event is EventOf<'node'> =>
        event.kind === 'node' && event.node === node && event.bootId !== undefined,
    );
  const old = boots(before).at(-1)?.bootId;
  const fresh = boots(after).find(({ bootId }) => bootId !== old);
  return fresh === undefined || old === undefined
    ? {
        missing: `new boot id on ${node}`,
        because: old === undefined ? 'no boot id was known before' : 'it never reported another one',
      }
    : {
        what: `boot id changed from ${old.slice(0, 8)} to ${fresh.bootId?.slice(0, 8)}`,
        seenBy: `${node} itself`,
      };
}

/** Receipts for every reboot step of a history, as events to append. */
export function receiptsForReboots(history: readonly Event[]): readonly EventBody[] {
  return history
    .filter(
      (event): event is EventOf<'step-began'> => event.kind === 'step-began' && event.command === 'reboot',
    )
    .flatMap(({ seq, node }) => {
      if (node === undefined) return [];
      const before = history.filter((event) => event.seq < seq);
      const after = history.filter((event) => event.seq > seq);
      return [wentDown(after, node), brickLost(before, after, node), newBoot(before, after, node)]
        .filter((found) => found !== undefined)
        .map((found): EventBody =>
          'missing' in found
            ? { kind: 'no-receipt', of: seq, expected: found.missing, because: found.because }
            : { kind: 'receipt', of: seq, receipt: found },
        );
    });
}
