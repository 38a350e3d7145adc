/** Writes reports/timeline/font-widths.ts from the font files, so that the timeline can lay out text without them. Run it after the font package changes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FONT_FILES } from '../fonts.ts';

/** Advance widths per character, in thousandths of the font size. Tables of an OpenType file: cmap format 4, head, hhea, hmtx. */
export function widthsOf(path: string, characters: string): Readonly<Record<string, number>> {
  const font = readFileSync(path);
  const table = (tag: string): number => {
    for (let at = 12; at < 12 + 16 * font.readUInt16BE(4); at += 16) {
      if (font.toString('latin1', at, at + 4) === tag) return font.readUInt32BE(at + 8);
    }
    throw new Error(`${path} has no table "${tag}"; is it a TrueType font?`);
  };
  const unitsPerEm = font.readUInt16BE(table('head') + 18);
  const metrics = font.readUInt16BE(table('hhea') + 34);
  const hmtx = table('hmtx');
  const glyphOf = glyphLookup(font, table('cmap'));
  const width = (character: string): number =>
    font.readUInt16BE(hmtx + 4 * Math.min(glyphOf(character.codePointAt(0) ?? 0), metrics - 1));
  return Object.fromEntries(
    Array.from(characters, (character) => [character, Math.round((1000 * width(character)) / unitsPerEm)]),
  );
}

function glyphLookup(font: Buffer, cmap: number): (code: number) => number {
  let format4 = 0;
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i += 1) {
    const at = cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (font.readUInt16BE(at) === 4) format4 = at;
  }
  if (format4 === 0) throw new Error('the font has no cmap of format 4');
  const twice = font.readUInt16BE(format4 + 6);
  const [ends, starts] = [format4 + 14, format4 + 16 + twice];
  const [deltas, offsets] = [starts + twice, starts + 2 * twice];
  return (code) => {
    for (let i = 0; i < twice; i += 2) {
      const start = font.readUInt16BE(starts + i);
      if (code > font.readUInt16BE(ends + i) || code < start) continue;
      const [delta, offset] = [font.readUInt16BE(deltas + i), font.readUInt16BE(offsets + i)];
      if (offset === 0) return (code + delta) & 0xffff;
      const glyph = font.readUInt16BE(offsets + i + offset + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
export const CHARACTERS = `${ASCII}×→–…·≥≤’äöüßé`;

if (import.meta.main) {
  const target = join(import.meta.dirname, '../timeline/font-widths.ts');
  const line = (name: string, path: string): string =>
    `export const ${name}: Readonly<Record<string, number>> = ${JSON.stringify(widthsOf(path, CHARACTERS))};\n`;
  writeFileSync(
    target,
    `/** Advance widths of Inter in thousandths of the font size. Written by reports/tools/font-widths.ts. */\n` +
      line('REGULAR', FONT_FILES.regular) +
      line('SEMIBOLD', FONT_FILES.semibold),
  );
}
