/**
 * What nobody can find out about a site by looking at its nodes, said by its owner. Whatever a site does not have is said too, with the
 * reason: the condition is then shown as waived. What is not said at all is not known, and keeps the gate shut.
 */
import type { Waiver } from './gate.ts';

/** There is none, and why that is so. */
export interface None {
  readonly none: string;
}

export interface RouterSite {
  readonly name: string;
  readonly vmid: number;
}

export interface SiteDescription {
  /** Proxmox VE's cluster and guests: E3, F1. */
  readonly hypervisor?: 'proxmox' | None;
  /** Guests that may go down with their node. */
  readonly mayStop?: readonly number[];
  /** F2. `addresses`: those that the routers share. */
  readonly routers?: { readonly guests: readonly RouterSite[]; readonly addresses: readonly string[] } | None;
  /** F3. `folders`: where vzdump's archives lie on the nodes. */
  readonly backups?:
    | { readonly folders: readonly string[]; readonly vmids: readonly number[]; readonly withinHours: number }
    | None;
  /** F4. Addresses that answer without any router, tried from where the gate is asked. */
  readonly outOfBand?:
    | readonly { readonly of: string; readonly host: string; readonly port: number }[]
    | None;
  /** F5. `heartbeat`: name of the alert that always fires. */
  readonly alerting?:
    | {
        readonly alertmanager: string;
        readonly heartbeat: string;
        readonly withinSeconds: number;
        /** Ids of silences that belong to this maintenance. */
        readonly silences: readonly string[];
      }
    | None;
  /** B3e: whether nodes keep their kernel's messages in the journal. */
  readonly kernelLog?: 'journal' | None;
  /** E4c: whether units that upgrade packages by themselves are allowed to stay on. */
  readonly upgraders?: 'off' | None;
}

const NEEDS: Readonly<Partial<Record<keyof SiteDescription, readonly string[]>>> = {
  hypervisor: ['E3', 'F1'],
  routers: ['F2'],
  backups: ['F3'],
  outOfBand: ['F4'],
  alerting: ['F5'],
  kernelLog: ['B3e'],
  upgraders: ['E4c'],
};

/** The conditions that a site can't have, of those that a gate has. */
export function waiversOf(site: SiteDescription, codes: readonly string[]): readonly Waiver[] {
  return Object.entries(NEEDS).flatMap(([key, needing]) => {
    const said = site[key as keyof SiteDescription];
    if (typeof said !== 'object' || !('none' in said)) return [];
    return needing.filter((code) => codes.includes(code)).map((condition) => ({ condition, why: said.none }));
  });
}

export const isNone = (said: object | string): said is None => typeof said === 'object' && 'none' in said;
