/** The access graph tells the truth: what it says is gone or reachable in a state of the site is what the probes found in it. */
import { standingAfter, stands, whyGone } from '../alerting/access-graph.ts';
import { GOAL, INCIDENT_AROUND, siteAccess, WAY } from '../alerting/site-access.ts';
import { wayTo } from '../alerting/ways-in.ts';
import type { History } from '../model/event.ts';
import type { SiteSpec } from '../model/site.ts';
import type { Verdict } from '../model/verdict.ts';
import { BrokenThings, SILENT_MS } from './broken-things.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Span } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { OK } from './outages.ts';
import { probeStreams } from './probes.ts';
import type { ProbeStream } from './probes.ts';
import { list, many, moment } from './say.ts';

export function accessAsPredicted(): Oracle {
  return {
    name: 'access-as-predicted',
    aspect: 'harness',
    means:
      'Whatever is broken, customers and operator reach exactly what the access graph of the site says they do',
    evidence: 'what was broken, what the graph says of it and why, and the probes that found it otherwise',
    check,
  };
}

const EVERY_MS = 1000;
/** What must still be there is there again after a failover; what must be gone is gone sooner. */
const FAILOVER_MS = 8000;
const GONE_MS = 1000;
/** A router may route so long before its first sign of life is seen, and be dead so long before its silence counts. */
const RETURN_MS = 5000;
const DEATH_MS = SILENT_MS + 1500;

/** One thing that the graph predicts and probes can check. */
interface Question {
  readonly goal: string;
  readonly who: string;
  readonly streams: readonly ProbeStream[];
  /** Not asked later than this. */
  readonly untilMs: number;
}

function check(history: History): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const { spec, served } = frame;
  let looked = 0;
  let gone = 0;
  if (spec !== undefined && served !== undefined)
    for (const question of questionsOf(history, spec)) {
      const compared = ask(history, spec, served, question, found);
      looked += compared.looked;
      gone += compared.gone;
    }
  if (looked === 0) found.doubt('no probe could be compared with the graph');
  return found.conclude(frame, {
    broken: () => `the access graph of this site is wrong: ${found.summary()}`,
    holds: () =>
      `the probes agree with the access graph in ${many(looked, 'moment')}; in ${gone} of them something was out of reach`,
    looked,
  });
}

function questionsOf(history: History, spec: SiteSpec): readonly Question[] {
  const operator = probeStreams(history, ['operator']);
  const onSite = history.find(
    (event) => event.kind === 'person' && event.doing?.what === 'acts' && event.doing.by === 'on-site',
  );
  // In the data center one is on the lan: the way through the routers is nobody's question any more.
  const untilMs = onSite?.atMs ?? Infinity;
  const by = (way: 'routers' | 'oob') => operator.filter(({ target }) => wayTo(target) === way);
  return [
    {
      goal: GOAL.page,
      who: 'the customer',
      streams: probeStreams(history, ['customer']),
      untilMs: Infinity,
    },
    { goal: WAY.routers, who: 'the operator', streams: by('routers'), untilMs },
    ...(spec.oob ? [{ goal: WAY.oob, who: 'the operator', streams: by('oob'), untilMs: Infinity }] : []),
  ];
}

/** Answers how many moments could be compared, and in how many of them the goal was gone; what contradicts the graph becomes one finding. */
function ask(
  history: History,
  spec: SiteSpec,
  { fromMs, toMs }: Span,
  { goal, who, streams, untilMs }: Question,
  found: Case,
): { readonly looked: number; readonly gone: number } {
  const graph = siteAccess(spec, INCIDENT_AROUND);
  const things = new BrokenThings(history, spec);
  let looked = 0;
  let gone = 0;
  let sinceMs = fromMs;
  let before = '';
  let wrong: { what: string; seqs: number[]; atMs: number; untilMs: number } | undefined;
  // What a prediction hangs on: a node that reboots and takes no router with it changes nothing.
  const stateAt = (atMs: number) => {
    const broken = things.at(atMs);
    const after = standingAfter(graph, new Set(broken));
    const up = stands(after, goal);
    const routers = spec.routers.filter(({ name }) => broken.includes(name)).map(({ name }) => name);
    return { broken, after, up, key: [up, ...routers].join(' ') };
  };
  for (let atMs = fromMs; atMs + DEATH_MS <= Math.min(toMs, untilMs); atMs += EVERY_MS) {
    const { broken, after, up, key } = stateAt(atMs);
    if (key !== before) [before, sinceMs] = [key, atMs];
    const [steadyMs, aheadMs] = up ? [FAILOVER_MS, DEATH_MS] : [GONE_MS, RETURN_MS];
    if (atMs - sinceMs < steadyMs || stateAt(atMs + aheadMs).key !== key) continue;
    const probes = probesIn(streams, atMs, atMs + EVERY_MS);
    if (probes.length === 0) continue;
    looked += 1;
    if (!up) gone += 1;
    const answered = probes.filter((probe) => probe.state === OK);
    if (up === answered.length > 0) continue;
    const seqs = (up ? probes : answered).map(({ seq }) => seq);
    const says = up
      ? `${goal} is there, and ${who} could not reach it`
      : `${goal} is gone (${whyGone(after, goal)}), and ${who} reached it`;
    wrong ??= {
      what: `with ${broken.length === 0 ? 'nothing' : list(broken)} broken the graph says ${says} ${moment(atMs)}`,
      seqs,
      atMs,
      untilMs: atMs,
    };
    wrong.untilMs = atMs;
  }
  const [first, ...more] = wrong?.seqs ?? [];
  if (wrong !== undefined && first !== undefined)
    found.find({
      what: wrong.what,
      evidence: evidence(first, ...more),
      atMs: wrong.atMs,
      untilMs: wrong.untilMs,
    });
  return { looked, gone };
}

function probesIn(streams: readonly ProbeStream[], fromMs: number, toMs: number) {
  return streams.flatMap(({ samples }) => {
    const inside = [];
    let next = samples.after(fromMs - 1);
    while (next !== undefined && next.atMs < toMs) {
      inside.push(next);
      next = samples.after(next.atMs);
    }
    return inside;
  });
}
