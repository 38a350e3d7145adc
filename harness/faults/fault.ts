/** A fault as data: what goes wrong, what it stands for, who sees that it took effect, what it must do to a gate, how it ends. */
import type { ConditionRuling } from '../model/event.ts';
import type { FaultName } from '../model/fault-name.ts';
import type { Layout } from '../model/site.ts';

type RulingKind = ConditionRuling['kind'];

/** A condition that must not be open while the fault is on. */
export interface Shut {
  /** Code of the condition. */
  readonly code: string;
  /** What it may answer instead of open. */
  readonly kinds: readonly [RulingKind, ...RulingKind[]];
  readonly why: string;
}

export interface Fault {
  readonly name: FaultName;
  /** One sentence. */
  readonly says: string;
  /** Entry of the fault catalogue, known issues, measured states. */
  readonly standsFor: string;
  /** The layout on which the matrix plays it. */
  readonly layout: Layout;
  /** Whether routers have to write while it begins. */
  readonly needsWriter: boolean;
  /** Which node it hits, and which node the gate is asked about: positions in the site's list. */
  readonly hits: number;
  readonly asked: number;
  /** Whether only the gate that compares bytes can see it. */
  readonly deep?: boolean;
  readonly shuts: readonly Shut[];
  /** Conditions that answer one way or the other, each with what decides it. */
  readonly mayShut?: readonly { readonly code: string; readonly why: string }[];
  /** Alerts that should notice it; empty: by design nothing that is installed today can. */
  readonly noticedBy: readonly string[];
  /** What proves that it took effect, and who sees that. Never who brought it about. */
  readonly receipt: string;
  readonly ends: string;
  /** What is not like the real thing. */
  readonly limit: string;
}

/** For an oracle that is asked about these faults and no others. */
export const about = (faults: readonly Fault[]): string =>
  faults.length === 0 ? '' : ` (${faults.map(({ name }) => name).join(', ')})`;

export const shut = (code: string, kinds: Shut['kinds'] | RulingKind, why: string): Shut => ({
  code,
  kinds: typeof kinds === 'string' ? [kinds] : kinds,
  why,
});
