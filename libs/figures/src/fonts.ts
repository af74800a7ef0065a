import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

const file = (name: string): string => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** The one font of all figures, from its npm package: what the machine has installed plays no part. */
export const fontFiles = {
  regular: file('DejaVuSansCondensed'),
  bold: file('DejaVuSansCondensed-Bold'),
} as const;
