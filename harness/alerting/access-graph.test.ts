import { describe, expect, it } from 'vitest';
import { accessGraph, cutsOf, standingAfter, stands, whyGone } from './access-graph.ts';

const thing = (name: string, needs?: Parameters<typeof accessGraph>[0][number]['needs']) => ({
  name,
  breaks: true,
  ...(needs === undefined ? {} : { needs }),
});

const GRAPH = accessGraph([
  thing('a'),
  thing('b'),
  thing('c'),
  thing('two of three', { atLeast: 2, of: ['a', 'b', 'c'] }),
  thing('either', { any: ['a', 'b'] }),
  thing('both', { all: ['two of three', 'either'] }),
]);

const gone = (...broken: string[]): string[] =>
  [...standingAfter(GRAPH, new Set(broken))].filter(([, { up }]) => !up).map(([name]) => name);

describe('standing', () => {
  it('follows any, all and at least', () => {
    expect(gone()).toEqual([]);
    expect(gone('a')).toEqual(['a']);
    expect(gone('a', 'c')).toEqual(['a', 'c', 'two of three', 'both']);
    expect(gone('a', 'b')).toEqual(['a', 'b', 'two of three', 'either', 'both']);
    expect(gone('either')).toEqual(['either', 'both']);
  });

  it('says what is lacking, and nothing for what is broken itself', () => {
    const after = standingAfter(GRAPH, new Set(['a', 'c']));
    expect(after.get('both')).toEqual({ up: false, broken: false, lacks: ['two of three'] });
    expect(after.get('a')).toEqual({ up: false, broken: true, lacks: [] });
    const both = standingAfter(GRAPH, new Set(['a', 'b', 'either']));
    expect(both.get('either')).toEqual({ up: false, broken: true, lacks: [] });
    expect(whyGone(after, 'both')).toBe('both <- two of three <- a');
  });

  it('the reason is what broke, not the neighbour that fell at the same time', () => {
    const graph = accessGraph([
      thing('a', { all: ['b', 'z'] }),
      thing('b', 'a'),
      thing('z'),
      thing('goal', 'b'),
    ]);
    const after = standingAfter(graph, new Set(['z']));
    expect(whyGone(after, 'a')).toBe('a <- z');
    expect(whyGone(after, 'goal')).toBe('goal <- b <- a <- z');
    expect(whyGone(standingAfter(graph, new Set()), 'goal')).toBe('goal');
  });

  it('things that hold each other up stay up until one breaks', () => {
    const ring = accessGraph([thing('router', 'disk'), thing('disk', 'shell'), thing('shell', 'router')]);
    expect(stands(standingAfter(ring, new Set()), 'shell')).toBe(true);
    const after = standingAfter(ring, new Set(['disk']));
    expect(stands(after, 'shell')).toBe(false);
    expect(whyGone(after, 'shell')).toBe('shell <- router <- disk');
  });
});

it('cuts are the smallest sets, none inside another', () => {
  expect(cutsOf(GRAPH, 'both', 2)).toEqual([
    ['two of three'],
    ['either'],
    ['both'],
    ['a', 'b'],
    ['a', 'c'],
    ['b', 'c'],
  ]);
  expect(cutsOf(GRAPH, 'both', 1)).toHaveLength(3);
});

it('a graph with a hole in it is refused', () => {
  expect(() => accessGraph([thing('a', { any: ['b'] })])).toThrow('a needs b, which is not in the graph');
  expect(() => accessGraph([thing('a'), thing('a')])).toThrow('a is there twice');
  expect(() => standingAfter(GRAPH, new Set(['z']))).toThrow('z is not in the graph');
});
