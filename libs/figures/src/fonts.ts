import { createRequire } from 'node:module';
import { openSync, type Font } from 'fontkit';

const { resolve } = createRequire(import.meta.url);

const file = (name: string): string => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** The one font of all figures, from its npm package: what the machine has installed plays no part. */
export const fontFiles = {
  regular: file('DejaVuSansCondensed'),
  bold: file('DejaVuSansCondensed-Bold'),
} as const;

export type Weight = keyof typeof fontFiles;

const opened = new Map<Weight, Font>();

/** The parsed font. Parsing takes 50 ms, so that all documents of the process share it. */
export function openFont(weight: Weight): Font {
  const font = opened.get(weight) ?? openSync(fontFiles[weight]);
  opened.set(weight, font);
  return font;
}

const plain = new Map<Weight, Font>();

/**
 * The same font for pdfkit, which has each text laid out: letter by letter, without kerning and
 * ligatures, as SVG and PNG measure and draw it. Shaping would take half of a report's time.
 */
export function openPlainFont(weight: Weight): Font {
  const known = plain.get(weight);
  if (known) return known;
  const font = openFont(weight);
  const layout = (text: string) => {
    const glyphs = Array.from(text, (letter) => font.glyphForCodePoint(letter.codePointAt(0)!));
    const positions = glyphs.map(({ advanceWidth }) => {
      return { xAdvance: advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 };
    });
    return {
      glyphs,
      positions,
      /** Of the positions as they are: pdfkit scales them in place, from font units to 1/1000 em. */
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
      },
    };
  };
  const made = Object.create(font, { layout: { value: layout } }) as Font;
  plain.set(weight, made);
  return made;
}
