/** Asks every condition about a site that is broken in one place, and tells which ones are shut. */
import { node } from '../model/names.ts';
import type { Decision } from './decision.ts';
import { reasons } from './decision.ts';
import { extrasOf, processesOf, SITE } from './extras.fixture.ts';
import type { Extras, GateFacts, NodeFacts } from './facts.ts';
import { CONDITIONS } from './gates.ts';
import type { GlusterProcess } from './process-facts.ts';
import type { SiteDescription } from './site-description.ts';
import { NAMES, nodeOf, withExtra, withNode } from './site.fixture.ts';

export const rule = (
  looks: readonly [GateFacts, ...GateFacts[]],
  asked: { readonly soakMs?: number; readonly site?: SiteDescription } = {},
): readonly { readonly code: string; readonly decision: Decision }[] =>
  CONDITIONS.map((one) => ({
    code: one.code,
    decision: one.decide(looks, { node: node('pve2'), site: SITE, looks, soakMs: 600_000, ...asked }),
  }));
/** Codes and kinds of what is not open. */
export const shut = (...args: Parameters<typeof rule>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rule(...args)
      .filter(({ decision }) => decision.kind !== 'open')
      .map(({ code, decision }) => [code, decision.kind]),
  );
export const says = (facts: GateFacts, code: string): string =>
  rule([facts])
    .filter((one) => one.code === code)
    .flatMap((one) => reasons(one.decision))
    .join('\n');

export const unseen = { seen: false, because: 'it timed out' } as const;

/** What is wrong, and the codes and kinds of whatever is not open for it. */
export type Row = readonly [what: string, facts: GateFacts, expected: Readonly<Record<string, string>>];
/** The processes of a node, with those of one kind changed; undefined leaves it out. */
export function processes(
  name: string,
  kind: GlusterProcess['kind'],
  change: (one: GlusterProcess) => readonly GlusterProcess[],
): Extras['processes'] {
  const index = NAMES.findIndex((one) => one === name);
  const list = processesOf(index).flatMap((one) => (one.kind === kind ? change(one) : [one]));
  return { seen: true, list, addresses: [`198.18.0.${11 + index}`] };
}
export const changed = (
  name: string,
  kind: GlusterProcess['kind'],
  change: Partial<GlusterProcess> | undefined,
): GateFacts =>
  withExtra(name, {
    processes: processes(name, kind, (one) => (change === undefined ? [] : [{ ...one, ...change }])),
  });
export const extra = <K extends keyof Extras>(
  key: K,
  change: Partial<Extract<Extras[K], { readonly seen: true }>>,
  name = 'pve3',
): GateFacts => {
  const whole = extrasOf(name)[key];
  return withExtra(name, { [key]: { ...whole, ...change } });
};
export const status = (
  name: string,
  change: Partial<Extract<NodeFacts['status'], { readonly seen: true }>>,
): GateFacts => {
  const whole = nodeOf(name).status;
  return withNode(name, { status: whole.seen ? { ...whole, ...change } : whole });
};
