/**
 * What nobody can find out about a site by looking at its nodes, said by its owner. What a site does not have is waived by name, with a
 * reason, and shown as waived. What is neither said nor waived is not known, and keeps the gate shut.
 */
import type { NodeName } from '../model/names.ts';

export interface RouterSite {
  readonly name: string;
  readonly vmid: number;
}

export interface SiteDescription {
  /** Nodes that hold bricks and have the volume mounted nowhere, such as one that is there for an arbiter. */
  readonly withoutMount?: readonly NodeName[];
  /** Nodes that are no hypervisors: no guests, no bridges, no vote of their own. */
  readonly withoutGuests?: readonly NodeName[];
  /** Guests that may go down with their node (F1). */
  readonly mayStop?: readonly number[];
  /** F2. `addresses`: those that the routers share. */
  readonly routers?: { readonly guests: readonly RouterSite[]; readonly addresses: readonly string[] };
  /** F3. `folders`: where vzdump's archives lie on the nodes. */
  readonly backups?: {
    readonly folders: readonly string[];
    readonly vmids: readonly number[];
    readonly withinHours: number;
  };
  /** F4. Addresses that answer without any router, tried from where the gate is asked. */
  readonly outOfBand?: readonly { readonly of: string; readonly host: string; readonly port: number }[];
  /** F5. `heartbeat`: name of the alert that always fires. `silences`: ids of those that belong to this maintenance. */
  readonly alerting?: {
    readonly alertmanager: string;
    readonly heartbeat: string;
    readonly withinSeconds: number;
    readonly silences: readonly string[];
  };
}
