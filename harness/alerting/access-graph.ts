/** Who depends on whom, as a graph that can be asked: if these things are broken, what else is gone, and why? Pure. */

/** What something needs to work: another thing by name, or a rule over several. */
export type Needs =
  | string
  | { readonly all: readonly Needs[] }
  | { readonly any: readonly Needs[] }
  | { readonly atLeast: number; readonly of: readonly Needs[] };

export interface Thing {
  readonly name: string;
  readonly needs?: Needs;
  /** It can break by itself, not only for want of what it needs. */
  readonly breaks: boolean;
}

export type AccessGraph = ReadonlyMap<string, Thing>;

/** `lacks`: the direct needs that are not met, empty when the thing itself is broken. */
export type Standing =
  | { readonly up: true }
  | { readonly up: false; readonly broken: boolean; readonly lacks: readonly string[] };

/** @throws when a thing is named twice or needs something that is not there: such a graph would answer with confidence and be wrong. */
export function accessGraph(things: readonly Thing[]): AccessGraph {
  const graph = new Map<string, Thing>();
  for (const thing of things) {
    if (graph.has(thing.name)) throw new Error(`access graph: ${thing.name} is there twice`);
    graph.set(thing.name, thing);
  }
  for (const { name, needs } of things) {
    const missing = namesIn(needs).find((need) => !graph.has(need));
    if (missing !== undefined)
      throw new Error(`access graph: ${name} needs ${missing}, which is not in the graph`);
  }
  return graph;
}

/** Every name in a need, in the order of writing. */
export function namesIn(needs: Needs | undefined): readonly string[] {
  if (needs === undefined) return [];
  if (typeof needs === 'string') return [needs];
  return partsOf(needs).flatMap(namesIn);
}

const partsOf = (needs: Exclude<Needs, string>): readonly Needs[] =>
  'all' in needs ? needs.all : 'any' in needs ? needs.any : needs.of;

function met(needs: Needs | undefined, isUp: (name: string) => boolean): boolean {
  if (needs === undefined) return true;
  if (typeof needs === 'string') return isUp(needs);
  const count = partsOf(needs).filter((part) => met(part, isUp)).length;
  if ('all' in needs) return count === needs.all.length;
  return count >= ('any' in needs ? 1 : needs.atLeast);
}

/** What stands when these are broken. Things that hold each other up stay up: the question is what a running site loses. */
export function standingAfter(
  graph: AccessGraph,
  broken: ReadonlySet<string>,
): ReadonlyMap<string, Standing> {
  for (const name of broken)
    if (!graph.has(name)) throw new Error(`access graph: ${name} is not in the graph, so it can't break`);
  const up = new Set([...graph.keys()].filter((name) => !broken.has(name)));
  for (let fell = true; fell;) {
    const falling = [...up].filter((name) => !met(graph.get(name)?.needs, (need) => up.has(need)));
    for (const name of falling) up.delete(name);
    fell = falling.length > 0;
  }
  return new Map(
    [...graph].map(([name, { needs }]): [string, Standing] => [
      name,
      up.has(name)
        ? { up: true }
        : {
            up: false,
            broken: broken.has(name),
            lacks: broken.has(name) ? [] : [...new Set(namesIn(needs))].filter((need) => !up.has(need)),
          },
    ]),
  );
}

export const stands = (state: ReadonlyMap<string, Standing>, name: string): boolean =>
  state.get(name)?.up === true;

/** The shortest way from something that is gone down to what broke: `way in <- gateway <- router-a <- disk of router-a`. */
export function whyGone(state: ReadonlyMap<string, Standing>, name: string): string {
  const paths = [[name]];
  const seen = new Set([name]);
  for (const path of paths) {
    const at = state.get(path.at(-1) ?? '');
    if (at === undefined || at.up || at.broken) return path.join(' <- ');
    const next = at.lacks.filter((lack) => !seen.has(lack));
    for (const lack of next) seen.add(lack);
    paths.push(...next.map((lack) => [...path, lack]));
  }
  return name;
}

/** Smallest sets of breaking things that take `goal` away, up to `most` at once; the single points of failure come first. */
export function cutsOf(graph: AccessGraph, goal: string, most: number): readonly (readonly string[])[] {
  const candidates = [...graph.values()].filter(({ breaks }) => breaks).map(({ name }) => name);
  const cuts: string[][] = [];
  for (let size = 1; size <= most; size += 1) {
    for (const set of subsets(candidates, size)) {
      if (cuts.some((cut) => cut.every((name) => set.includes(name)))) continue;
      if (!stands(standingAfter(graph, new Set(set)), goal)) cuts.push(set);
    }
  }
  return cuts;
}

function* subsets(names: readonly string[], size: number, from = 0): Generator<string[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let index = from; index <= names.length - size; index += 1) {
    for (const rest of subsets(names, size - 1, index + 1)) yield [names[index] as string, ...rest];
  }
}
