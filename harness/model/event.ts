/** What happened, in order. The history is the only thing oracles may look at. */
import type { BrickId, NodeName, RouterName } from './names.ts';
import type { IndexCounts, Range, VolumeSnapshot } from './facts.ts';
import type { SiteSpec } from './site.ts';

/** Who looks at the service from outside, and at what. */
export type Prober = 'customer' | 'operator' | 'offsite';

/** Where an alert was made: by the monitoring inside the site, or by the one offsite. */
export type Watcher = 'inside' | 'offsite';

export type StepOutcome =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly output: string }
  /** The connection broke or could not be made: whether the command took effect is not known. */
  | { readonly kind: 'cut-off'; readonly because: string }
  | { readonly kind: 'given-up'; readonly because: string };

export type GateDecision =
  | { readonly kind: 'open' }
  /** `summary`: the same in one line, each cause once; bundles of before have none. `onlyLooks`: nothing but more looks is missing. */
  | {
      readonly kind: 'held';
      readonly waitingFor: readonly string[];
      readonly summary?: string;
      readonly onlyLooks?: true;
    }
  | { readonly kind: 'refused'; readonly because: readonly string[]; readonly summary?: string };

/** One condition's answer, in its own four words: what is not known is not the same as what is held. */
export interface ConditionRuling {
  readonly code: string;
  readonly kind: 'open' | 'held' | 'refused' | 'unknown';
  readonly because: readonly string[];
  /** Judged all the same, but it does not count. */
  readonly waived: boolean;
}

/** Proof that something took effect, seen by somebody else than who caused it. */
export interface Receipt {
  readonly what: string;
  readonly seenBy: string;
}

/** Ways to the nodes: through the routers, over the backup connection, or by standing in the data center. */
export type WayIn = 'routers' | 'oob' | 'on-site';

/** What happened to a person, for those who count; `does` says the same in words. */
export type PersonDoing =
  /** `by`: the channel. */
  | { readonly what: 'sent'; readonly by: string; readonly woke: boolean }
  /** `cannotAct`: why reading it helps nobody. */
  | { readonly what: 'acknowledged'; readonly cannotAct?: string }
  | { readonly what: 'held-up'; readonly by: string }
  | { readonly what: 'acts'; readonly by: WayIn }
  /** Nobody told anything: the morning came. */
  | { readonly what: 'untold'; readonly because: string };

export type Phase = 'open' | 'confirm' | 'disturb' | 'settle' | 'observe' | 'close' | 'over';

export type EventBody =
  | {
      readonly kind: 'run-began';
      readonly run: string;
      readonly scenario: string;
      readonly spec: SiteSpec;
      /** Host epoch milliseconds at `atMs` 0. */
      readonly epochMs: number;
      readonly versions: Readonly<Record<string, string>>;
      /** The site's clock when the play begins, in seconds since the midnight before it; from there both clocks run alike until people take their time. */
      readonly nightBegins?: number;
      /** Nothing outside the site watches it; left out: something does. */
      readonly offsite?: false;
      /** What in this lab is modelled rather than real, in sentences. */
      readonly modelled: readonly string[];
    }
  | { readonly kind: 'phase'; readonly phase: Phase }
  | {
      readonly kind: 'step-began';
      readonly step: string;
      readonly node?: NodeName;
      readonly command: string;
    }
  | { readonly kind: 'step-ended'; readonly of: number; readonly outcome: StepOutcome }
  | {
      readonly kind: 'gate';
      readonly gate: string;
      readonly node: NodeName;
      readonly decision: GateDecision;
    }
  /** Every condition of a gate, one by one; `of`: the seq of the fault that is on, left out when nothing is wrong. */
  | {
      readonly kind: 'ruled';
      readonly gate: string;
      readonly node: NodeName;
      readonly of?: number;
      readonly rulings: readonly ConditionRuling[];
    }
  | { readonly kind: 'fault-began'; readonly fault: string; readonly target: string }
  | { readonly kind: 'fault-ended'; readonly of: number }
  /** `of`: the seq of the step or fault that it proves. */
  | { readonly kind: 'receipt'; readonly of: number; readonly receipt: Receipt }
  | {
      readonly kind: 'no-receipt';
      readonly of: number;
      readonly expected: string;
      readonly because: string;
    }
  /** Power and operating system of a node, as the lab's machine room sees it. */
  | {
      readonly kind: 'node';
      readonly node: NodeName;
      readonly state: 'up' | 'down' | 'booting';
      readonly bootId?: string;
    }
  /** The client on `seenBy` gained or lost its connection to a brick. */
  | {
      readonly kind: 'brick';
      readonly brick: BrickId;
      readonly seenBy: NodeName;
      readonly connected: boolean;
    }
  | { readonly kind: 'backlog'; readonly brick: BrickId; readonly counts: IndexCounts }
  | {
      readonly kind: 'vm';
      readonly router: RouterName;
      readonly node: NodeName;
      readonly state:
        | 'running'
        | 'paused'
        | 'io-error'
        | 'exited'
        | 'migrating-in'
        | 'start-failed'
        | 'disk-error';
      readonly detail: string;
    }
  /** An fsync of record `record` returned 0 inside the guest. */
  | {
      readonly kind: 'write-acknowledged';
      readonly router: RouterName;
      readonly record: number;
      readonly guestMs: number;
    }
  | {
      readonly kind: 'write-failed';
      readonly router: RouterName;
      readonly record: number;
      readonly errno: string;
      readonly what: string;
    }
  | {
      readonly kind: 'heartbeat';
      readonly router: RouterName;
      readonly role: 'MASTER' | 'BACKUP' | 'INIT';
      readonly disk: 'ok' | 'failed' | 'none';
      readonly acknowledged: number;
    }
  | {
      readonly kind: 'guest';
      readonly router: RouterName;
      readonly says: 'boot' | 'recover' | 'panic' | 'bootfail';
      readonly text: string;
    }
  | {
      readonly kind: 'probe';
      readonly by: Prober;
      readonly target: string;
      readonly ok: boolean;
      readonly tookMs: number;
      readonly detail: string;
    }
  /** An alert reached its receiver: the event's time is when it was delivered. */
  | {
      readonly kind: 'alert';
      readonly name: string;
      readonly state: 'firing' | 'resolved';
      readonly receiver: string;
      /** What carried it: pagerduty, webhook, mail, …; histories of older versions do not say. */
      readonly channel?: string;
      /** Whose Alertmanager sent it. */
      readonly by?: Watcher;
      /** When the rule began to fire, on the lab's clock. */
      readonly activeAtMs: number;
      readonly labels: Readonly<Record<string, string>>;
    }
  /** A rule's state as its Prometheus sees it, told or not: `pending` while its `for` runs. */
  | {
      readonly kind: 'rule';
      readonly name: string;
      readonly state: 'pending' | 'firing' | 'inactive';
      readonly by: Watcher;
      /** When its condition became true, on the lab's clock. */
      readonly activeAtMs: number;
      readonly labels: Readonly<Record<string, string>>;
    }
  /** What PagerDuty would do with a message that reached it. */
  | {
      readonly kind: 'page';
      readonly by?: Watcher;
      readonly action: 'trigger' | 'acknowledge' | 'resolve';
      readonly effect: 'opened' | 'repeated' | 'acknowledged' | 'resolved' | 'ignored';
      /** Counts from 1; absent: no incident has this key. */
      readonly incident?: number;
      readonly summary: string;
      readonly severity: string;
    }
  /** Alertmanager could not hand over: tries that have failed so far, and messages it has given up. */
  | {
      readonly kind: 'undelivered';
      readonly by: Watcher;
      /** pagerduty, webhook, email. */
      readonly integration: string;
      readonly tries: number;
      readonly givenUp: number;
    }
  /** A person on the site's own clock; nothing of it is waited for in real time. */
  | {
      readonly kind: 'person';
      readonly who: string;
      readonly does: string;
      /** Passed on the site's clock since the person event before, or since the lab's clock stood still for people. */
      readonly siteSeconds: number;
      /** When, on the site's clock, in seconds since the midnight before the night. */
      readonly clock?: number;
      readonly doing?: PersonDoing;
    }
  | {
      readonly kind: 'backup';
      readonly router: RouterName;
      readonly file: string;
      readonly holds: readonly Range[];
    }
  | { readonly kind: 'observed'; readonly snapshot: VolumeSnapshot }
  | {
      readonly kind: 'settled';
      readonly ok: boolean;
      readonly pending: readonly string[];
      readonly tookMs: number;
    }
  | { readonly kind: 'collected'; readonly what: string; readonly path: string }
  /** `mends`: this node has just mended its brick by itself, and may do so once more within seconds. */
  | { readonly kind: 'note'; readonly text: string; readonly mends?: NodeName }
  /** The run could not go on; always followed by teardown, and the verdict can't be better than `unknown`. */
  | { readonly kind: 'aborted'; readonly because: string };

/** `seq` counts from 0 without gaps; `atMs` is milliseconds since the run began, never decreasing by more than clock jitter. */
export type Event = { readonly seq: number; readonly atMs: number } & EventBody;
export type EventKind = Event['kind'];
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>;

export type History = readonly Event[];
