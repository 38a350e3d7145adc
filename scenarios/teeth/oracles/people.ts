/** Planted bugs of people and pagers: alerts that nobody reads, or not in time. */
import { adding, at, NIGHT_BEGINS, without } from '../../../harness/index.ts';
import type { Drafts, EventBody, PersonDoing } from '../../../harness/index.ts';
import { failing, notLooking } from './service.ts';
import { ENDS, ROUTERS, teethOf } from './tooth.ts';

type Told = readonly [atMs: number, body: EventBody];

const PAGE: Told = [
  26_000,
  {
    kind: 'alert',
    name: 'CustomerPageDown',
    state: 'firing',
    receiver: 'pager',
    activeAtMs: 22_000,
    labels: { severity: 'page' },
  },
];

let passed = NIGHT_BEGINS;
/** A doing of the operator that ends at `clock`; all of a plant are written in the order of their happening. */
const does = (clock: number, doing: PersonDoing, first = false): Told => {
  if (first) passed = NIGHT_BEGINS + 28;
  const siteSeconds = clock - passed;
  passed = clock;
  return [30_000, { kind: 'person', who: 'operator', does: doing.what, siteSeconds, clock, doing }];
};

/** Both routers are gone from 20 s to 38 s, and this is what people make of it. */
const outageWith =
  (...people: readonly Told[]) =>
  (night: Drafts): Drafts =>
    adding(failing(night, 'customer', 20_000, 38_000), [PAGE, ...people]);

const ACKNOWLEDGED_TEETH = teethOf('person-acknowledged', [
  {
    bug: 'the one who is paged sleeps until seven',
    plant: outageWith(does(at(7, 10, 1), { what: 'acknowledged' }, true)),
    answers: 'broken',
    says: /cut off at 23:50; operator acknowledged at 07:10 \(\+1 d\), 7 h 20 min later/,
  },
  {
    bug: 'he sleeps until seven; in the lab the customers were cut off for four seconds',
    plant: (night) =>
      adding(failing(night, 'customer', 28_000, 32_000), [
        PAGE,
        does(at(7, 10, 1), { what: 'acknowledged' }, true),
      ]),
    answers: 'broken',
    says: /operator acknowledged at 07:10/,
  },
  {
    bug: 'the one who reads it at once can not do anything',
    plant: outageWith(
      does(at(23, 53), { what: 'acknowledged', cannotAct: 'there is no way in' }, true),
      does(at(7, 0, 1), { what: 'untold', because: 'nobody else is called' }),
    ),
    answers: 'broken',
    says: /operator acknowledged, and nobody else read it/,
  },
  {
    bug: 'no page ever leaves the site',
    plant: (night) =>
      without(
        outageWith(does(at(7, 0, 1), { what: 'untold', because: 'no page came' }, true))(night),
        ({ body }) => body.kind === 'alert',
      ),
    answers: 'broken',
    says: /cut off at 23:50; operator untold/,
  },
  {
    bug: 'messages are sent all night, and nobody answers them',
    plant: outageWith(
      does(at(23, 51), { what: 'sent', by: 'push', woke: false }, true),
      does(at(6, 51, 1), { what: 'sent', by: 'push', woke: false }),
    ),
    answers: 'broken',
    says: /nobody acknowledged/,
  },
  {
    bug: 'the watching ends before anybody can have answered',
    plant: (night) => failing(night, 'customer', 20_000, ENDS.observe),
    answers: 'unknown',
    says: /nobody had acknowledged when the watching ended, 0 min after customers were cut off; 15 min were not over/,
  },
  {
    bug: 'the customer never looks',
    plant: (night) => notLooking(night, 'customer', 0, 1e9),
    answers: 'unknown',
    says: /the customer never probed anything/,
  },
  {
    bug: 'the customer looks away for half a minute',
    plant: (night) => notLooking(night, 'customer', 8000, 38_000),
    answers: 'unknown',
    says: /the customer did not look at storehouse/,
  },
  {
    bug: 'an acknowledgement of an outage before counts for nothing',
    plant: (night) =>
      outageWith(does(at(7, 0, 1), { what: 'untold', because: 'no page came' }, true))(
        adding(night, [
          [
            10_000,
            {
              kind: 'person',
              who: 'operator',
              does: 'acknowledged',
              siteSeconds: 0,
              clock: NIGHT_BEGINS,
              doing: { what: 'acknowledged' },
            },
          ],
        ]),
      ),
    answers: 'broken',
    says: /operator untold/,
  },
]);

/** No heartbeat of a router for half a minute. */
const silent = (drafts: Drafts, names: readonly string[]): Drafts =>
  without(
    drafts,
    ({ body, atMs }) =>
      body.kind === 'heartbeat' && names.includes(body.router) && atMs >= 8000 && atMs <= 38_000,
  );
const BOTH = ROUTERS.map(String);

const ACCESS_TEETH = teethOf('access-as-predicted', [
  {
    bug: 'the customer is served though both routers are dead: there is a way that nobody drew',
    plant: (night) => failing(silent(night, BOTH), 'operator', 8000, 38_000),
    answers: 'broken',
    says: /with router-a and router-b broken the graph says customer's page is gone \(customer's page <- gateway <- router-a\), and the customer reached it/,
  },
  {
    bug: 'the operator comes in past the dead routers',
    plant: (night) => failing(silent(night, BOTH), 'customer', 8000, 38_000),
    answers: 'broken',
    says: /the graph says way in through a router is gone .*, and the operator reached it/,
  },
  {
    bug: 'one router is left, and it is of no use',
    plant: (night) => failing(silent(night, BOTH.slice(0, 1)), 'customer', 8000, 38_000),
    answers: 'broken',
    says: /the graph says customer's page is there, and the customer could not reach it/,
  },
  {
    bug: 'nobody looks from outside',
    plant: (night) => without(night, ({ body }) => body.kind === 'probe'),
    answers: 'unknown',
    says: /no probe could be compared/,
  },
]);

export const PEOPLE_TEETH = [...ACKNOWLEDGED_TEETH, ...ACCESS_TEETH];
