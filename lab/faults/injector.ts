/** Brings faults about, has somebody else see them, and ends them. What it can't end makes the lab good for nothing, and it says so. */
import { until } from '../../harness/index.ts';
import type {
  Clock,
  ExecOutcome,
  FaultName,
  Journal,
  NodeName,
  Shell,
  SiteSpec,
  StepOutcome,
} from '../../harness/index.ts';
import { isLockTaken, untilUnlocked } from '../gluster/index.ts';
import type { NetworkPlan } from '../network/plan.ts';
import type { Line, Mechanism, Proof } from './mechanism.ts';
import { Place } from './mechanism.ts';
import { MECHANISMS } from './mechanisms.ts';

export interface InjectorPorts {
  readonly spec: SiteSpec;
  readonly plan: NetworkPlan;
  readonly shells: () => readonly Shell[];
  readonly journal: Journal;
  readonly clock: Clock;
  /** Default: the real ones. */
  readonly mechanisms?: Readonly<Record<string, Mechanism>>;
}

interface Running {
  readonly seq: number;
  readonly mechanism: Mechanism;
  readonly place: Place;
}

const PROVE_EVERY_MS = 300;
const NEVER = new AbortController().signal;

export class Injector {
  readonly #ports: InjectorPorts;
  readonly #running = new Map<FaultName, Running>();

  constructor(ports: InjectorPorts) {
    this.#ports = ports;
  }

  /** Done when the fault is on; whether somebody saw it is in the journal. */
  async inject(fault: FaultName, node: NodeName, signal: AbortSignal): Promise<StepOutcome> {
    if (this.#running.has(fault)) throw new Error(`bug: ${fault} is on already`);
    const { journal, spec, plan, mechanisms = MECHANISMS } = this.#ports;
    const mechanism = mechanisms[fault];
    if (mechanism === undefined) throw new Error(`there is no mechanism for the fault "${fault}"`);
    const place = new Place(spec, plan, node);
    const { seq } = journal.record({ kind: 'fault-began', fault, target: node });
    this.#running.set(fault, { seq, mechanism, place });
    const failed = await this.#runAll(mechanism.begin(place), signal);
    if (failed !== undefined) {
      journal.record({ kind: 'no-receipt', of: seq, expected: `${fault} to begin`, because: failed });
      return { kind: 'done', output: `not brought about: ${failed}` };
    }
    for (const proof of mechanism.proofs(place)) await this.#prove(seq, proof, signal);
    return { kind: 'done', output: '' };
  }

  async #prove(seq: number, proof: Proof, signal: AbortSignal): Promise<void> {
    const { journal, clock } = this.#ports;
    let says = '';
    const seen = await until(
      clock,
      async () => {
        const outcome = await this.#run(proof, signal);
        says = saysOf(outcome);
        return isGood(outcome) ? undefined : proof.what;
      },
      { withinMs: proof.withinMs, everyMs: PROVE_EVERY_MS, signal },
    );
    const { what, seenBy } = proof;
    const more = says === '' ? '' : `: ${says}`;
    journal.record(
      seen.kind === 'met'
        ? { kind: 'receipt', of: seq, receipt: { what: `${what}${more}`, seenBy } }
        : {
            kind: 'no-receipt',
            of: seq,
            expected: `${what}, by ${seenBy}`,
            because: `not within ${proof.withinMs / 1000} s${more}`,
          },
    );
  }

  async end(fault: FaultName, signal: AbortSignal = NEVER): Promise<StepOutcome> {
    const running = this.#running.get(fault);
    if (running === undefined) return { kind: 'done', output: 'it was not on' };
    const failed = await this.#runAll(running.mechanism.end(running.place), signal);
    if (failed !== undefined)
      return {
        kind: 'given-up',
        because: `${fault} can’t be ended, this lab is good for nothing: ${failed}`,
      };
    this.#running.delete(fault);
    this.#ports.journal.record({ kind: 'fault-ended', of: running.seq });
    return { kind: 'done', output: '' };
  }

  /** Idempotent. Throws when a fault can't be ended. */
  async endAll(): Promise<void> {
    const left: string[] = [];
    for (const fault of this.#running.keys()) {
      const outcome = await this.end(fault);
      if (outcome.kind === 'given-up') left.push(outcome.because);
    }
    if (left.length > 0) throw new Error(left.join('; '));
  }

  /** In order; answers what went wrong first. */
  async #runAll(lines: readonly Line[], signal: AbortSignal): Promise<string | undefined> {
    for (const line of lines) {
      const outcome = await this.#runUnlocked(line, signal);
      if (!isGood(outcome) && !endsWithItsNode(line, outcome))
        return `${line.on}: «${line.sh.slice(0, 120)}» ${saysOf(outcome)}`;
    }
    return undefined;
  }

  /** Whoever else asks glusterd, such as the site's exporter, has the volume's lock for an instant: a person would try again, too. */
  #runUnlocked(line: Line, signal: AbortSignal): Promise<ExecOutcome> {
    return untilUnlocked(this.#ports.clock, () => this.#run(line, signal), isLocked, signal);
  }

  #run({ on, sh, limitMs }: Line, signal: AbortSignal): Promise<ExecOutcome> {
    const shell = this.#ports.shells().find(({ node }) => node === on);
    if (shell === undefined) throw new Error(`bug: there is no way into ${on}`);
    return shell.run(sh, { limitMs, signal });
  }
}

const isLocked = (outcome: ExecOutcome): boolean =>
  outcome.kind === 'exited' && outcome.exitCode !== 0 && isLockTaken(`${outcome.stdout}\n${outcome.stderr}`);

const isGood = (outcome: ExecOutcome): boolean => outcome.kind === 'exited' && outcome.exitCode === 0;

/** A reboot takes its own command along. */
const endsWithItsNode = ({ sh }: Line, { kind }: ExecOutcome): boolean =>
  kind === 'cut-off' && sh.startsWith('systemctl reboot');

function saysOf(outcome: ExecOutcome): string {
  if (outcome.kind === 'cut-off') return outcome.because;
  const last = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').at(-1)?.trim().slice(0, 160) ?? '';
  if (outcome.kind === 'timed-out') return `no end within ${outcome.afterMs} ms; ${last}`;
  return outcome.exitCode === 0 ? last : `exit code ${outcome.exitCode}: ${last}`;
}
