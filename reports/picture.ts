/** SVG to PNG, with the room's own font and no other, so that the result is the same on every machine. */
import { Resvg } from '@resvg/resvg-js';
import { FONT_FILES } from './fonts.ts';

/** PNG bytes; `zoom` 2 makes it sharp on dense displays. */
export function pngOf(svg: string, zoom = 2): Buffer {
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    background: '#ffffff',
    font: {
      loadSystemFonts: false,
      fontFiles: [FONT_FILES.regular, FONT_FILES.semibold],
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
    },
  });
  return picture.render().asPng();
}
