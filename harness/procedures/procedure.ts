/** A procedure as data: what an operator does, in order. Nothing here executes; the lab types it in over SSH from the workstation. */
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
