import { everyLook, newest } from '../condition.ts';
import type { Condition, Window } from '../condition.ts';
import { combine, open, passing, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, ReplicaSet } from '../facts.ts';
import { lasting } from '../lasting.ts';
import type { Findings } from '../lasting.ts';
import { setsOf } from '../layout.ts';
import { clientsOf, servedBy } from '../processes.ts';
import type { Client } from '../processes.ts';

/** From the bricks' side, so that clients count which nobody asked: other hosts, and guests with libgfapi. */
export const clientsOnEveryBrick: Condition = {
  code: 'C3',
  name: 'clients-on-every-brick',
  section: 'C',
  topic: 'bricks',
  checks:
    'all bricks of a replica set have the same clients: processes of the nodes, and connections from other hosts',
  why: 'a client that lost one brick accuses it with every write; a guest on libgfapi or another host has no .meta that could be read',
  wouldHavePrevented:
    'a reboot while a guest wrote to two bricks only, one of them on the node that went down',
  needs: 'fast',
  asks: ['processes'],
  decide: (window, question) =>
    combine([everyLook(known)(window, question), ...differences(window)], saw(newest(window))),
};

function known(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const blind = layout.sets.flatMap((set) =>
    set.bricks.flatMap(({ brick }) => {
      const found = servedBy(facts, brick);
      return found.seen ? [] : [found.decision];
    }),
  );
  const strangers = facts.nodes.flatMap((one) =>
    one.extra.processes.seen
      ? []
      : [unseen(`the processes of ${one.node} were not seen: ${one.extra.processes.because}`)],
  );
  return combine([open(''), ...strangers, ...blind], '');
}

/** A client that mounts or unmounts between two bricks' answers is on some bricks only for that moment. */
const differences = (window: Window): readonly Decision[] =>
  lasting(window, missing).map((text) => passing(text));

function missing(facts: GateFacts): Findings {
  const layout = setsOf(facts);
  return new Map((layout.seen ? layout.sets : []).flatMap((set) => inSet(facts, set)));
}

function inSet(facts: GateFacts, set: ReplicaSet): readonly (readonly [string, string])[] {
  const bricks = set.bricks.flatMap(({ brick }) => {
    const found = servedBy(facts, brick);
    return found.seen ? [{ brick, clients: clientsOf(facts, found.served) }] : [];
  });
  const most = new Map<string, Client>();
  for (const client of bricks.flatMap((one) => one.clients))
    if (client.connections > (most.get(client.key)?.connections ?? 0)) most.set(client.key, client);
  return [...most.values()].flatMap((client) =>
    bricks.flatMap(({ brick, clients }) => {
      const here = clients.find(({ key }) => key === client.key)?.connections ?? 0;
      if (here === client.connections) return [];
      const what =
        here === 0
          ? `${client.name} is not connected to brick ${brick}`
          : `${client.name} is connected to brick ${brick} only ${here} times`;
      return [[`${client.key} ${brick}`, what] as const];
    }),
  );
}

function saw(facts: GateFacts): string {
  const layout = setsOf(facts);
  const counts = (layout.seen ? layout.sets : []).flatMap((set) =>
    set.bricks.slice(0, 1).map(({ brick }) => {
      const found = servedBy(facts, brick);
      return found.seen ? clientsOf(facts, found.served).length : 0;
    }),
  );
  return `the same ${counts.join(' and ')} clients on every brick of a set`;
}
