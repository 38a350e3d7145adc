/** Nodes and routers that go away. */
import type { FaultName, RouterSpec } from '../../harness/index.ts';
import { HOST } from '../network/plan.ts';
import { awaitThat, connection, line, proof } from './mechanism.ts';
import type { Line, Mechanism, Place } from './mechanism.ts';

const routerOn = ({ spec, node }: Place): RouterSpec => {
  const found = spec.routers.find(({ startsOn }) => startsOn === node);
  if (found === undefined) throw new Error(`no router starts on ${node}`);
  return found;
};
const off = ({ startsOn, vmid }: RouterSpec): Line =>
  line(startsOn, `timeout 25 qm stop ${vmid}; qm status ${vmid} | grep -q stopped`, 30_000);
const on = ({ startsOn, vmid }: RouterSpec): Line =>
  line(startsOn, `qm status ${vmid} | grep -q running || qm start ${vmid}`, 60_000);
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
      proof(
        place.witness,
        silent(place.plan.ip('lan', HOST.firstRouter + place.spec.routers.indexOf(routerOn(place)))),
        { what: 'the router does not answer', seenBy: `a ping from ${place.witness}` },
      ),
    ],
    end: (place) => [on(routerOn(place))],
  },
  'both-routers-down': {
    begin: ({ spec }) => spec.routers.map(off),
    proofs: (place) => [
      proof(place.node, silent(place.plan.ip('lan', HOST.gateway)), {
        what: 'the gateway does not answer',
        seenBy: `a ping from ${place.node}`,
      }),
    ],
    end: ({ spec }) => spec.routers.map(on),
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
