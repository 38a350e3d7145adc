/** A procedure as data: what an operator does, in order. Nothing here executes; the lab types it in over SSH from the workstation. */
import type { FaultName } from '../model/fault-name.ts';
import type { NodeName } from '../model/names.ts';

export type Action =
  /** A shell line typed on a node over SSH. */
  | {
      readonly kind: 'type';
      readonly on: NodeName;
      readonly line: string;
      readonly limitSeconds: number;
    }
  /** `reboot` typed on a node; done when the node has answered again, given up after the limit. */
  | { readonly kind: 'reboot'; readonly node: NodeName; readonly limitSeconds: number }
  /** The operator watches the clock. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** The operator asks the gate again and again until it opens for `node`, at most `budgetSeconds`. */
  | {
      readonly kind: 'await-gate';
      readonly gate: string;
      readonly node: NodeName;
      readonly budgetSeconds: number;
    }
  /**
   * The operator's own gate: a shell script that is run on node `on`, again and again until it ends with 0, which is taken for "go". It
   * finds HEALPROOF_NODE (the node that is to go down), HEALPROOF_VOLUME and HEALPROOF_NODES (all of them, by blanks) in its environment.
   */
  | {
      readonly kind: 'await-command';
      /** Name for the history. */
      readonly gate: string;
      readonly on: NodeName;
      readonly node: NodeName;
      readonly script: string;
      readonly environment: Readonly<Record<string, string>>;
      /** Its own sleeps are shortened by this factor; 1: not at all. */
      readonly speed: number;
      readonly budgetSeconds: number;
    }
  /** The lab, not the operator, brings a fault about; done when somebody else has seen it. */
  | { readonly kind: 'inject'; readonly fault: FaultName; readonly node: NodeName }
  | { readonly kind: 'end-fault'; readonly fault: FaultName }
  /**
   * The fault is left to those who watch, until each of these alerts has fired since it began; done after `atMostSeconds` in any case:
   * whether they fired is for an oracle to say.
   */
  | {
      readonly kind: 'await-alerts';
      readonly fault: FaultName;
      readonly alerts: readonly string[];
      /** Other sets of rules are measured beside ours, and must have their time. */
      readonly atLeastSeconds: number;
      readonly atMostSeconds: number;
    }
  /**
   * Every condition of a gate is asked about `node`, again and again until exactly the conditions are shut that must be, at most
   * `budgetSeconds`; the last answer is the one that counts. With `fault` it is asked because of that fault.
   */
  | {
      readonly kind: 'rule';
      readonly gate: string;
      readonly node: NodeName;
      readonly fault?: FaultName;
      readonly budgetSeconds: number;
      /** Lets the fault last that long at least, for alerts that take their time. */
      readonly atLeastSeconds?: number;
    };

export interface Step {
  readonly name: string;
  readonly does: Action;
  /** Why the step is there, as a runbook would say it. */
  readonly why: string;
}

export interface Procedure {
  readonly name: string;
  readonly says: string;
  readonly steps: readonly [Step, ...Step[]];
}
