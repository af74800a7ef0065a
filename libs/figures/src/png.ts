import { Resvg } from '@resvg/resvg-js';
import { fontFiles } from './fonts.js';

const MOST_PIXELS_ACROSS = 8192;

/**
 * An SVG of ours as an opaque PNG. The same string gives the same bytes on every machine.
 *
 * @param width in pixels; the SVG's own width times two where it is left out.
 * @throws {RangeError} where the width is not a whole number from 1 to 8192.
 */
export function toPng(svg: string, width?: number): Uint8Array {
  if (
    width !== undefined &&
    !(Number.isInteger(width) && width >= 1 && width <= MOST_PIXELS_ACROSS)
  ) {
    throw new RangeError(
      `width must be a whole number from 1 to ${MOST_PIXELS_ACROSS}, not ${width}`,
    );
  }
  const drawing = new Resvg(svg, {
    background: '#ffffff',
    fitTo: width === undefined ? { mode: 'zoom', value: 2 } : { mode: 'width', value: width },
    font: {
      loadSystemFonts: false,
      fontFiles: [fontFiles.regular, fontFiles.bold],
      defaultFontFamily: 'DejaVu Sans',
    },
  });
  return drawing.render().asPng();
}
