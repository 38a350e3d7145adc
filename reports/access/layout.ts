/** Where each thing of an access graph stands in its picture: what it needs is to its right. Pure. */
import { accessEdges } from '../../harness/index.ts';
import type { AccessEdge, AccessGraph } from '../../harness/index.ts';

export interface Layout {
  /** From the left: what people want is in the first one. Each from the top. */
  readonly columns: readonly (readonly string[])[];
  readonly edges: readonly AccessEdge[];
}

/** Rounds of putting each thing level with those it hangs together with. */
const ROUNDS = 8;

export function layoutOf(graph: AccessGraph): Layout {
  const edges = accessEdges(graph);
  const ranks = ranksOf([...graph.keys()], edges);
  const last = Math.max(0, ...ranks.values());
  let columns: readonly (readonly string[])[] = Array.from({ length: last + 1 }, (_, column) =>
    [...graph.keys()].filter((name) => ranks.get(name) === last - column),
  );
  for (let round = 0; round < ROUNDS; round += 1) columns = levelled(columns, edges);
  return { columns, edges };
}

/** How far each thing is from the bottom of everything; each as near to those who need it as can be. */
function ranksOf(names: readonly string[], edges: readonly AccessEdge[]): ReadonlyMap<string, number> {
  const needs = (name: string) => edges.filter(({ from }) => from === name).map(({ to }) => to);
  const ranks = new Map<string, number>();
  const rank = (name: string, above: readonly string[]): number => {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    // Things may hold each other up; whoever is asked first stands above.
    const below = needs(name).filter((need) => !above.includes(need));
    const found = below.length === 0 ? 0 : 1 + Math.max(...below.map((need) => rank(need, [...above, name])));
    ranks.set(name, found);
    return found;
  };
  for (const name of names) rank(name, []);
  for (const name of names.toSorted((a, b) => (ranks.get(b) ?? 0) - (ranks.get(a) ?? 0))) {
    const users = edges.filter(({ to }) => to === name).map(({ from }) => (ranks.get(from) ?? 0) - 1);
    if (users.length > 0) ranks.set(name, Math.max(ranks.get(name) ?? 0, Math.min(...users)));
  }
  return ranks;
}

function levelled(
  columns: readonly (readonly string[])[],
  edges: readonly AccessEdge[],
): readonly (readonly string[])[] {
  const height = new Map(columns.flatMap((names) => names.map((name, row) => [name, middle(row, names)])));
  return columns.map((names) => {
    const wants = new Map(names.map((name) => [name, level(name, edges, height)]));
    return names.toSorted((a, b) => (wants.get(a) ?? 0) - (wants.get(b) ?? 0));
  });
}

/** Columns are centred. */
const middle = (row: number, names: readonly string[]): number => row - (names.length - 1) / 2;

function level(name: string, edges: readonly AccessEdge[], height: ReadonlyMap<string, number>): number {
  const near = edges.flatMap(({ from, to }) => (from === name ? [to] : to === name ? [from] : []));
  const heights = [name, ...near].map((one) => height.get(one) ?? 0);
  return heights.reduce((sum, one) => sum + one, 0) / heights.length;
}
