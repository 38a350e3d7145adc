/** What the tests of the exporter's parts have in common. */
import type { GateFacts, NodeFacts } from '../gates/facts.ts';
import { brickOf, NAMES, nodeOf, site } from '../gates/site.fixture.ts';
import type { NodeName } from '../model/names.ts';
import { exported, NOTHING_SEEN } from './exporter.ts';
import type { Memory } from './exporter.ts';
import type { Sample } from './metrics.ts';
import { exporterGate } from './of-gate.ts';

export const GATE = exporterGate({ profile: 'full', only: [], skip: [] }, 60_000);
export const EXPORTING = { gate: GATE, about: (name: NodeName) => ({ node: name, waivers: [] }) };

/** Looks a second apart; what the last one told. */
export function told(looks: readonly GateFacts[], before: Memory = NOTHING_SEEN): readonly Sample[] {
  let memory = before;
  let samples: readonly Sample[] = [];
  for (const [index, facts] of looks.entries())
    ({ memory, samples } = exported(EXPORTING, memory, { ...facts, atMs: (index + 1) * 1000 }));
  return samples;
}

export const written = ({ labels }: Sample): string => Object.values(labels).join(' ');
/** By labels; the volume’s name left out, since there is one. */
export const of = (samples: readonly Sample[], name: Sample['name']): Readonly<Record<string, number>> =>
  Object.fromEntries(
    samples.filter((one) => one.name === name).map((one) => [written(one).replace(/^v ?/, ''), one.value]),
  );
export const thrice = (facts: GateFacts): readonly GateFacts[] => [facts, facts, facts];
export const UNREADABLE = { seen: false, because: 'its file system is away' } as const;
export const without = (name: string): GateFacts => {
  const { brick, arbiter, accusedAs } = brickOf(name);
  return site({
    bricks: NAMES.map((one) => (one === name ? { brick, arbiter, accusedAs, ...UNREADABLE } : brickOf(one))),
  });
};

/** As a look shows a node that does not answer. */
export function away(name: string): NodeFacts {
  const no = { seen: false, because: `${name} is off` } as const;
  const { extra, ...one } = nodeOf(name);
  const blank = (value: object): object =>
    Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, typeof each === 'object' ? no : each]),
    );
  return { ...(blank(one) as typeof one), extra: blank(extra) as typeof extra };
}

/** Told only when every brick was read and every attribute decoded. */
export const FILE_COUNTS = [
  'healproof_split_brain_files',
  'healproof_cyclic_blame_files',
  'healproof_sole_good_copy_files',
] as const;
