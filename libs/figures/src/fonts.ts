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
