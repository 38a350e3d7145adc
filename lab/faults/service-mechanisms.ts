/** Nodes and routers that go away. */
import type { FaultName, NodeName, RouterSpec } from '../../harness/index.ts';
import { HOST } from '../network/plan.ts';
import { awaitBricks, awaitThat, BRICK, connection, crawl, line, proof, startForce } from './mechanism.ts';
import type { Line, Mechanism, Place } from './mechanism.ts';
import { cutClientOff, reconnect } from './process-mechanisms.ts';

const routerOn = ({ spec, node }: Place): RouterSpec => {
  const found = spec.routers.find(({ startsOn }) => startsOn === node);
  if (found === undefined) throw new Error(`no router starts on ${node}`);
  return found;
};
const off = ({ startsOn, vmid }: RouterSpec): Line =>
  line(startsOn, `timeout 25 qm stop ${vmid}; qm status ${vmid} | grep -q stopped`, 30_000);
/** All of them, and then until each answers: who is still booting is down to whoever watches. */
const on = (place: Place, routers: readonly RouterSpec[]): readonly Line[] => [
  ...routers.map(({ startsOn, vmid }) =>
    line(startsOn, `qm status ${vmid} | grep -q running || qm start ${vmid}`, 60_000),
  ),
  ...routers.map((router) =>
    line(
      place.witness,
      awaitThat(`ping -c 1 -W 1 ${addressOf(place, router)} >/dev/null`, 60, `${router.name} to answer`),
      65_000,
    ),
  ),
];
/** A router whose disk has failed goes on without it, or is restarted by its node as soon as the disk can be opened: both end here. */
const again = (place: Place, routers: readonly RouterSpec[]): readonly Line[] => [
  ...routers.map(off),
  ...on(place, routers),
];
const addressOf = ({ plan, spec }: Place, router: RouterSpec): string =>
  plan.ip('lan', HOST.firstRouter + spec.routers.indexOf(router));
/** Neither hit nor the witness, where there are three nodes. */
const lastOther = ({ others, witness }: Place): NodeName => others.at(-1) ?? witness;
const silent = (address: string): string => `! ping -c 1 -W 1 ${address} >/dev/null`;

export const SERVICE_MECHANISMS = {
  'node-rebooting': {
    // The line ends with the node: how it ends says nothing.
    begin: ({ node }) => [line(node, `systemctl reboot || true`)],
    proofs: (place) => [
      proof(place.witness, silent(place.ip('storage', place.node)), {
        what: 'no answer on the storage network',
        seenBy: `a ping from ${place.witness}`,
        withinMs: 30_000,
      }),
    ],
    end: (place) => [
      line(
        place.witness,
        awaitThat(connection(place, place.node, 1), 70, 'the node’s brick to be back'),
        75_000,
      ),
    ],
  },
  'router-down': {
    begin: (place) => [off(routerOn(place))],
    proofs: (place) => [
      proof(place.witness, silent(addressOf(place, routerOn(place))), {
        what: 'the router does not answer',
        seenBy: `a ping from ${place.witness}`,
      }),
    ],
    end: (place) => on(place, [routerOn(place)]),
  },
  'both-routers-down': {
    begin: ({ spec }) => spec.routers.map(off),
    proofs: (place) => [
      proof(place.node, silent(place.plan.ip('lan', HOST.gateway)), {
        what: 'the gateway does not answer',
        seenBy: `a ping from ${place.node}`,
      }),
    ],
    end: (place) => on(place, place.spec.routers),
  },
  'router-disk-lost': {
    begin: (place) => [cutClientOff(place, place.others)],
    proofs: (place) => {
      const { vmid, startsOn, name } = routerOn(place);
      return [
        proof(
          place.node,
          // As its console is written down by QEMU; a router that panics says so as its last word.
          `tail -c 4096 /evidence/serial/${vmid}.${startsOn}.log | grep -aoE '^(HB .* disk=failed|PANIC .*)' | tail -1 | grep .`,
          { what: 'writes to its disk fail', seenBy: `${name} itself`, withinMs: 30_000 },
        ),
      ];
    },
    end: (place) => [...reconnect(place, place.others), ...again(place, [routerOn(place)]), crawl(place)],
  },
  'quorum-lost': {
    begin: ({ node, witness }) => [node, witness].map((holder) => line(holder, `kill -9 $(${BRICK})`)),
    proofs: (place) => [
      proof(
        lastOther(place),
        `said=$(timeout 4 dd if=/dev/zero of=${place.mount}/.healproof-refused bs=4k count=1 conv=fsync 2>&1); code=$?; echo "$said" | head -1; [ $code = 1 ]`,
        { what: 'a write is refused', seenBy: `a writer on ${lastOther(place)}` },
      ),
    ],
    end: (place) => [
      startForce(place, place.witness),
      ...awaitBricks(place, lastOther(place), [place.node, place.witness]),
      line(lastOther(place), `rm -f ${place.mount}/.healproof-refused`),
      ...again(place, place.spec.routers),
      crawl(place),
    ],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
