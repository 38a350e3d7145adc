/** Planted bugs that cut people off, or take the proof that they were not. */
import { adding, changing, turnOf, without } from '../../../harness/index.ts';
import type { Draft, Drafts, EventBody } from '../../../harness/index.ts';
import { BRICKS, NODES, ROUTERS } from './tooth.ts';
import type { Tooth } from './tooth.ts';

const within = ({ atMs }: Draft, fromMs: number, toMs: number): boolean => atMs >= fromMs && atMs <= toMs;

/** A probe that fails is answered by its deadline, a second after it was sent. */
export const failing = (drafts: Drafts, by: string, fromMs: number, toMs: number): Drafts =>
  drafts.map((draft) =>
    draft.body.kind === 'probe' && draft.body.by === by && within(draft, fromMs, toMs)
      ? {
          ...draft,
          arrivedMs: draft.atMs + 1000,
          body: { ...draft.body, ok: false, tookMs: 1000, detail: 'no answer' },
        }
      : draft,
  );

export const notLooking = (drafts: Drafts, by: string, fromMs: number, toMs: number): Drafts =>
  without(
    drafts,
    (draft) => draft.body.kind === 'probe' && draft.body.by === by && within(draft, fromMs, toMs),
  );

const [a, b] = ROUTERS;

/** Neither acknowledgements nor good heartbeats of these routers. */
const disksGone = (drafts: Drafts, routers: readonly string[], fromMs: number, toMs: number): Drafts =>
  without(
    drafts,
    (draft) =>
      (draft.body.kind === 'write-acknowledged' || draft.body.kind === 'heartbeat') &&
      routers.includes(draft.body.router) &&
      within(draft, fromMs, toMs),
  );

const exits = (router: typeof a, atMs: number): readonly [number, EventBody] => [
  atMs,
  { kind: 'vm', router, node: NODES[1], state: 'exited', detail: 'guest panicked' },
];

const COMES_AT_NOON: readonly [atMs: number, body: EventBody] = [
  22_200,
  { kind: 'person', who: 'owner', does: 'sleeps, and comes at noon', siteSeconds: 12 * 3600 },
];

const SHORT: readonly Tooth[] = [
  {
    oracle: 'gateway-available',
    bug: 'both routers are gone for 20 s',
    plant: (night) => failing(failing(night, 'customer', 20_000, 40_000), 'offsite', 20_000, 40_000),
    answers: 'broken',
    says: /the customer could not reach storehouse for 20\.0 s, from 20\.1 s, back at 40\.1 s/,
  },
  {
    oracle: 'gateway-available',
    bug: 'one lucky probe among twenty seconds of failures',
    plant: (night) => failing(failing(night, 'customer', 20_000, 29_800), 'customer', 30_000, 39_000),
    answers: 'broken',
    says: /could not reach storehouse for 1\d\.\d s/,
  },
  {
    oracle: 'gateway-available',
    bug: 'the routers are gone until somebody comes at noon; in the lab that is four seconds',
    plant: (night) => adding(failing(night, 'customer', 20_000, 24_000), [COMES_AT_NOON]),
    answers: 'broken',
    says: /could not reach storehouse for 4\.\d s and the 12 h 0 min that people took, from 20\.1 s/,
  },
  {
    oracle: 'gateway-available',
    bug: 'the customer stops looking, and no failed probe is left to see',
    plant: (night) => notLooking(night, 'customer', 10_000, 25_000),
    answers: 'unknown',
    says: /customer did not look at storehouse from 9\.9 s to 25\.1 s/,
  },
  {
    oracle: 'gateway-available',
    bug: 'the offsite poller never ran',
    plant: (night) => notLooking(night, 'offsite', 0, 1e9),
    answers: 'unknown',
    says: /the offsite poller never probed/,
  },
  {
    oracle: 'router-disk-readable',
    bug: 'both guests panic',
    plant: (night) => adding(disksGone(night, ROUTERS, 20_000, 30_000), [exits(a, 20_050), exits(b, 20_100)]),
    answers: 'broken',
    says: /no router had a readable disk from 20\.1 s to 30\.1 s/,
  },
  {
    oracle: 'router-disk-readable',
    bug: 'zombie masters: both forward from memory over dead disks',
    plant: (night) =>
      changing(
        without(night, (draft) => draft.body.kind === 'write-acknowledged' && within(draft, 20_000, 30_000)),
        'heartbeat',
        (body, draft) => (within(draft, 20_000, 30_000) ? { ...body, disk: 'failed' } : undefined),
      ),
    answers: 'broken',
    says: /no router had a readable disk/,
  },
  {
    oracle: 'router-disk-readable',
    bug: 'writes hang and every heartbeat says "ok"',
    plant: (night) =>
      without(night, (draft) => draft.body.kind === 'write-acknowledged' && within(draft, 20_000, 30_000)),
    answers: 'unknown',
    says: /nothing proves a readable router disk from 19\.9 s to 30\.1 s/,
  },
  {
    oracle: 'operator-reach',
    bug: 'the way in is gone until somebody comes at noon; in the lab that is four seconds',
    plant: (night) => adding(failing(night, 'operator', 20_000, 24_000), [COMES_AT_NOON]),
    answers: 'broken',
    says: /no way to any node \(.*\) from 20\.\d s to 24\.\d s and the 12 h 0 min that people took/,
  },
  {
    oracle: 'operator-reach',
    bug: 'no way in for half a minute',
    plant: (night) => failing(night, 'operator', 8000, 38_000),
    answers: 'broken',
    says: /the operator had no way to any node \(pve1, pve2 and pve3\) from 8\.5 s/,
  },
  {
    oracle: 'operator-reach',
    bug: 'no way in until somebody comes at noon; in the lab that is two seconds, and the last probe failed before he came',
    plant: (night) => adding(failing(night, 'operator', 20_000, 22_000), [COMES_AT_NOON]),
    answers: 'broken',
    says: /had no way to any node .* and the 12 h 0 min that people took/,
  },
  {
    oracle: 'operator-reach',
    bug: 'no way in until somebody plugs in at noon; what was sent a second before is answered then, and looks as if it had been open',
    plant: (night) =>
      changing(adding(failing(night, 'operator', 20_000, 22_000), [COMES_AT_NOON]), 'probe', (body, draft) =>
        body.by === 'operator' && within(draft, 20_600, 22_000)
          ? { ...body, ok: true, tookMs: 1400 }
          : undefined,
      ),
    answers: 'broken',
    says: /had no way to any node .* and the 12 h 0 min that people took/,
  },
  {
    oracle: 'operator-reach',
    bug: 'a command is cut off in the middle on a node that is up',
    plant: (night) =>
      changing(night, 'step-ended', (body, draft) =>
        draft.atMs === turnOf(1) + 1500
          ? { ...body, outcome: { kind: 'cut-off', because: 'connection reset' } }
          : undefined,
      ),
    answers: 'broken',
    says: /"upgrade pve2" on pve2 was cut off .* connection reset/,
  },
  {
    oracle: 'operator-reach',
    bug: 'nobody probes from the workstation',
    plant: (night) => notLooking(night, 'operator', 0, 1e9),
    answers: 'unknown',
    says: /never probed a node/,
  },
];

const QUORUM: readonly Tooth[] = [
  {
    oracle: 'quorum-kept',
    bug: "a second brick goes away while the first one's node is down",
    plant: (night) =>
      adding(night, [
        [turnOf(0) + 3000, { kind: 'brick', brick: BRICKS[1], seenBy: NODES[2], connected: false }],
        [turnOf(0) + 6000, { kind: 'brick', brick: BRICKS[1], seenBy: NODES[2], connected: true }],
      ]),
    answers: 'broken',
    says: /the client on pve3 had only pve3:\S+ from 5\.5 s to 8\.5 s/,
  },
  {
    oracle: 'quorum-kept',
    bug: 'only the arbiter and nothing with data is left',
    night: { layout: 'replica-2-arbiter' },
    plant: (night) =>
      adding(
        without(
          night,
          ({ body }) => body.kind === 'brick' && body.brick === BRICKS[0] && body.seenBy === NODES[2],
        ),
        [
          [210, { kind: 'brick', brick: BRICKS[0], seenBy: NODES[2], connected: true }],
          [turnOf(1) + 3000, { kind: 'brick', brick: BRICKS[0], seenBy: NODES[2], connected: false }],
          [turnOf(1) + 5000, { kind: 'brick', brick: BRICKS[0], seenBy: NODES[2], connected: true }],
        ],
      ),
    answers: 'broken',
    says: /the client on pve3 had only pve3/,
  },
  {
    oracle: 'quorum-kept',
    bug: 'a client says nothing of its connections',
    plant: (night) => without(night, ({ body }) => body.kind === 'brick' && body.seenBy === NODES[2]),
    answers: 'unknown',
    says: /the client on pve3/,
  },
];

export const SERVICE_TEETH: readonly Tooth[] = [...SHORT, ...QUORUM];
