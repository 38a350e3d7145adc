/** What follows an outage: the page, the people on the site's clock, their way in, and the restore that they play for real. */
import type { EventOf, WayIn } from '../model/event.ts';
import { pageOf } from '../alerting/detection.ts';
import { doingsOf } from '../alerting/doings.ts';
import type { Escalation } from '../alerting/escalation.ts';
import { playNight } from '../alerting/night.ts';
import { seeded } from '../alerting/people.ts';
import { siteClockOf } from '../alerting/site-clock.ts';
import { whyUntold } from '../alerting/untold.ts';
import { wayOf } from '../alerting/ways-in.ts';
import type { Live } from './live.ts';
import { playProcedure } from './play.ts';
import type { Stage } from './play.ts';
import type { Aftermath } from './scenario.ts';
import { until } from './until.ts';

/** How long the watchers get to see the end of an outage, or to page somebody about it. */
export const NOTICE_MS = 20_000;

export async function playAftermath(
  stage: Stage,
  live: Live,
  { escalation, procedure, evenIfServed }: Aftermath,
): Promise<void> {
  const fromMs = stage.clock.epochMs() - stage.lab.beganEpochMs;
  const withinMs = evenIfServed === undefined ? NOTICE_MS : evenIfServed.pageWithinSeconds * 1000;
  const page = await awaitPage(stage, live, withinMs);
  if (evenIfServed === undefined)
    live.record({ kind: 'observed', snapshot: await stage.lab.observe('outage') });
  await waysKnown(stage, live, fromMs);
  const way = askPeople(stage, live, escalation, page);
  if (way === undefined) return;
  await stage.lab.goIn(way);
  await playProcedure(stage, procedure);
  await until(
    stage.clock,
    () => (live.reach('customer') === 'up' ? undefined : 'the customer to be served again'),
    { withinMs: NOTICE_MS * 2, everyMs: 100, signal: stage.signal },
  );
}

async function awaitPage(
  { clock, signal }: Stage,
  live: Live,
  withinMs: number,
): Promise<EventOf<'alert'> | undefined> {
  const fromMs = playBegan(live);
  await until(clock, () => (pageOf(live.events, fromMs) === undefined ? 'the pager' : undefined), {
    withinMs,
    everyMs: 100,
    signal,
  });
  return pageOf(live.events, fromMs);
}

/**
 * A probe that nobody answers is known to have failed only at its deadline: until then the operator's last probes are from before the
 * outage, and would promise a way in that is gone.
 */
const waysKnown = ({ clock, signal }: Stage, live: Live, fromMs: number) =>
  until(clock, () => (live.probedSince('operator', fromMs) ? undefined : "the operator's probes"), {
    withinMs: NOTICE_MS,
    everyMs: 100,
    signal,
  });

const playBegan = ({ events }: Live): number =>
  events.find((event) => event.kind === 'phase' && event.phase === 'disturb')?.atMs ?? 0;

/** Plays the page against the people, from its real delivery and the ways in that answer now; the way that whoever acts goes in by. */
function askPeople(
  { lab, clock }: Stage,
  live: Live,
  { policy, people, seed }: Escalation,
  alert: EventOf<'alert'> | undefined,
): WayIn | undefined {
  const siteClock = siteClockOf(live.events);
  const page = {
    ...(alert === undefined
      ? { deliveredAt: undefined, untoldBecause: whyUntold(live.events, playBegan(live)) }
      : { deliveredAt: siteClock.at(alert.atMs) }),
    policy,
    people,
    wayIn: wayOf(live.reached('operator')),
    draw: seeded(seed),
  };
  const night = playNight(page);
  const now = siteClock.at(clock.epochMs() - lab.beganEpochMs);
  for (const doing of doingsOf(page, night, now)) live.record(doing);
  if (night.acts === undefined)
    live.record({ kind: 'note', text: `nobody acts: ${night.because ?? 'no reason given'}` });
  return night.acts?.by;
}
