import { readFileSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { History } from '../harness/index.ts';
import { pngOf } from './picture.ts';
import { GOLDEN, goldenPath } from './testing/golden.ts';
import { gatedNight, incidentNight, replica3Night } from './testing/nights.ts';
import { textWidth } from './timeline/text.ts';
import { timelineSvg } from './timeline.ts';

const unescaped = (xml: string): string =>
  xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

interface Word {
  readonly words: string;
  readonly from: number;
  readonly to: number;
}

/** Where each text of the picture begins and ends, by the font's own widths. */
function wordsIn(svg: string): readonly Word[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = '', content = '']) => {
    const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    const words = unescaped(content);
    const width = textWidth(words, { size: Number(value('font-size')), bold: value('font-weight') !== '' });
    const x = Number(value('x'));
    const from = { end: x - width, middle: x - width / 2, '': x }[value('text-anchor')] ?? x;
    return { words, from, to: from + width };
  });
}

const nights: readonly (readonly [string, History])[] = [
  ['the incident', incidentNight()],
  ['replica 3', replica3Night()],
  ['with a gate', gatedNight()],
  ['cut off in mid-play', incidentNight(60)],
  ['cut off in the set-up', incidentNight(5)],
  ['empty', []],
];

test.each(nights)('the picture of a night is whole: %s', (_, history) => {
  for (const width of [900, 1200, 1800]) {
    const svg = timelineSvg(history, { width, told: { kind: 'broken', because: 'because '.repeat(80) } });
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(wordsIn(svg).filter(({ from, to }) => from < 0 || to > width)).toEqual([]);
  }
});

test.each([...GOLDEN])('the picture is the one that was looked at: %s', (name, svg) => {
  const kept = readFileSync(goldenPath(name), 'utf8');
  // A short message instead of a diff of sixty thousand characters.
  expect(svg() === kept, 'if the change is meant: node reports/tools/golden-timelines.ts').toBe(true);
});

test('the picture says who was cut off, for how long, and what is modelled', () => {
  const words = wordsIn(timelineSvg(incidentNight()))
    .map((word) => word.words)
    .join('\n');
  for (const part of [
    'cut off 29.5 s',
    '+ 12 h 09 m',
    'reboot pve3 – given up',
    '4,584',
    'Modelled, not real',
  ]) {
    expect(words).toContain(part);
  }
});

test('"as expected" is only said where everything was', () => {
  const said = (asExpected: boolean): string =>
    timelineSvg([], { told: { kind: 'broken', because: '', expected: 'broken', asExpected } });
  expect(said(true)).toContain('>as expected<');
  expect(said(false)).toContain('>not for the expected reasons<');
});

test('names that are markup stay text', () => {
  const hostile: History = [
    { seq: 0, atMs: 0, kind: 'phase', phase: 'disturb' },
    { seq: 1, atMs: 1, kind: 'step-began', step: '</svg><script>"&\u0007', command: '--><b>' },
    { seq: 2, atMs: 900, kind: 'step-ended', of: 1, outcome: { kind: 'done', output: '' } },
  ];
  const svg = timelineSvg(hostile);
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(svg).not.toContain('<script>');
});

test('a PNG is made of it, twice as large', () => {
  const png = pngOf(timelineSvg([]));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(2400);
});
