import { everyLook, hypervisors } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, never, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import type { RouterSite } from '../site-description.ts';

/** One master, elsewhere, and a backup that could take over. */
export const routerPair: Condition = {
  code: 'F2',
  name: 'router-pair',
  section: 'F',
  checks:
    'exactly one router answers for the addresses they share, not on the node that is asked about; every other one runs, on another node than the master',
  why: 'the roles decide who is cut off: with the master on the node, or both routers on one, the reboot is an outage',
  wouldHavePrevented:
    'the site cut off, its operators among others, because both routers sat on storage that stood still',
  needs: 'full',
  asks: ['roles', 'guests'],
  decide: everyLook(judge),
};

interface Place {
  readonly router: RouterSite;
  readonly node: string;
  readonly status: string;
}

function judge(facts: GateFacts, question: Question): Decision {
  const said = question.site?.routers;
  if (said === undefined) {
    return never(
      'the site’s description does not say which guests are routers, and which addresses they share: say it there (healproof_routers), or waive F2 with the reason',
    );
  }
  const nodes = hypervisors(facts, question);
  const blind = nodes.flatMap((one) => [
    ...(one.extra.roles.seen
      ? []
      : [unseen(`what ${one.node}’s bridges learned was not seen: ${one.extra.roles.because}`)]),
    ...(one.extra.guests.seen
      ? []
      : [unseen(`the guests of ${one.node} were not seen: ${one.extra.guests.because}`)]),
  ]);
  if (nodes.length === 0) blind.push(unseen('no hypervisor was asked'));
  const places = placesOf(facts, said.guests);
  const masters = said.addresses.map((address) => masterOf(facts, said.guests, address));
  const decisions: Decision[] = [
    ...blind,
    ...said.guests.map((router) => running(router, places)),
    ...masters.map((one, index) =>
      one.length === 1
        ? open('')
        : one.length === 0
          ? held(`no router answers for ${said.addresses[index] ?? ''}`)
          : refused(
              [
                `${one.map((router) => router.name).join(' and ')} both answer for ${said.addresses[index] ?? ''}`,
              ],
              'Two masters: find out why the routers do not hear each other.',
            ),
    ),
  ];
  if (said.addresses.length === 0)
    decisions.push(never('the site’s description names no address that the routers share'));
  const names = new Set(masters.flat().map((one) => one.name));
  if (names.size > 1) decisions.push(held(`${[...names].join(' and ')} are each master of some address`));
  const master = places.find((one) => one.router.name === [...names][0]);
  if (master !== undefined) decisions.push(...apart(master, places, question));
  return combine(
    decisions,
    `${master?.router.name ?? ''} is master on ${master?.node ?? ''}, its backup elsewhere`,
  );
}

const placesOf = (facts: GateFacts, routers: readonly RouterSite[]): readonly Place[] =>
  facts.nodes.flatMap((one) =>
    (one.extra.guests.seen ? one.extra.guests.list : []).flatMap((guest) => {
      const router = routers.find(({ vmid }) => vmid === guest.vmid);
      return router === undefined || guest.qmpStatus === undefined
        ? []
        : [{ router, node: one.node, status: guest.qmpStatus }];
    }),
  );

/** Routers behind whose ports some bridge learned the hardware address that answers. */
function masterOf(facts: GateFacts, routers: readonly RouterSite[], address: string): readonly RouterSite[] {
  const roles = facts.nodes.flatMap((one) => (one.extra.roles.seen ? [one.extra.roles] : []));
  const macs = new Set(
    roles.flatMap((one) =>
      one.answers.flatMap((found) => (found.address === address ? (found.mac ?? []) : [])),
    ),
  );
  const vmids = new Set(
    roles.flatMap((one) => one.learned.filter(({ mac }) => macs.has(mac)).map(({ vmid }) => vmid)),
  );
  return routers.filter(({ vmid }) => vmids.has(vmid));
}

function running(router: RouterSite, places: readonly Place[]): Decision {
  const found = places.filter((one) => one.router === router);
  const [place] = found;
  if (place === undefined) return held(`router ${router.name} does not run on any node`);
  if (found.length > 1) {
    return refused(
      [`router ${router.name} runs on ${found.map((one) => one.node).join(' and ')}`],
      'Stop one of them at once: two guests write to one disk.',
    );
  }
  return place.status === 'running'
    ? open('')
    : refused(
        [`router ${router.name} on ${place.node} is "${place.status}"`],
        'Bring it back before any node goes down.',
      );
}

function apart(master: Place, places: readonly Place[], { node }: Question): readonly Decision[] {
  const together = places.filter((one) => one.router !== master.router && one.node === master.node);
  return [
    master.node === node
      ? refused(
          [`${master.router.name}, which is master, runs on ${node}`],
          'Let the other router become master first, and see that it does.',
        )
      : open(''),
    ...together.map((one) =>
      refused(
        [`${one.router.name} runs on ${one.node} together with ${master.router.name}, which is master`],
        `Move one of them to another node.`,
      ),
    ),
  ];
}
