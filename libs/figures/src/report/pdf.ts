import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import {
  shapesOf,
  type Box,
  type Figure,
  type ImageShape,
  type Shape,
  type TextShape,
} from '../charts/figure.js';
import { partsOf } from '../charts/raster.js';
import { openPlainFont } from '../fonts.js';

/** What the identifier of a document without a date is made of. */
const NO_DATE = new Date(0);

export type Pdf = InstanceType<typeof PDFDocument>;

/**
 * An A4 document without pages yet, whose bytes depend on nothing but what is drawn: its date is
 * given, or it has none; its identifier follows from title and date.
 */
export function newPdf(title: string, createdAt?: Date): Pdf {
  const document = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    lang: 'en',
    displayTitle: true,
    font: '', // or pdfkit opens Helvetica
    info: {
      Title: title,
      Creator: 'Lightfold',
      Producer: 'Lightfold',
      CreationDate: createdAt ?? NO_DATE, // left out, it would be now
    },
  });
  if (!createdAt) {
    // pdfkit writes what it can enumerate, and does not work without.
    Object.defineProperty(document.info, 'CreationDate', { enumerable: false });
  }
  for (const weight of ['regular', 'bold'] as const) {
    // pdfkit takes an opened font since 0.20; its types do not say so yet.
    document.registerFont(weight, openPlainFont(weight) as unknown as Uint8Array);
  }
  return document;
}

/** All bytes of a document; ends it. */
export function pdfBytes(document: Pdf): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
    document.end();
  });
}

/** One page with one figure in points. */
export function addPage(document: Pdf, figure: Figure): void {
  document.addPage({ size: 'A4', margin: 0 });
  for (const shape of shapesOf(figure)) draw(document, shape);
  pack(document);
}

function draw(document: Pdf, shape: Shape): void {
  switch (shape.kind) {
    case 'path': {
      clipped(document, shape.clip, () => {
        if (shape.fill) document.fillColor(shape.fill);
        if (shape.stroke) {
          document
            .strokeColor(shape.stroke)
            .lineWidth(shape.strokeWidth ?? 1)
            .lineJoin('round');
          document.lineCap('butt');
          if (shape.dash) document.dash(shape.dash[0], { space: shape.dash[1] });
          else document.undash();
        }
        const end = shape.closed ? 'h' : '';
        document.addContent(shape.lines.map((line) => operators(line) + end).join('\n'));
        document.addContent(shape.fill && shape.stroke ? 'B' : shape.fill ? 'f' : 'S');
      });
      return;
    }
    case 'dots': {
      clipped(document, shape.clip, () => {
        document.strokeColor(shape.color).lineWidth(shape.diameter).lineCap('round').undash();
        let content = '';
        for (let i = 0; i < shape.at.length; i += 2) {
          content += `${shape.at[i]} ${shape.at[i + 1]} m ${shape.at[i]} ${shape.at[i + 1]} l\n`;
        }
        document.addContent(`${content}S`);
      });
      return;
    }
    case 'text': {
      write(document, shape);
      return;
    }
    case 'image': {
      drawImage(document, shape);
      return;
    }
  }
}

/** The part of a font of pdfkit's that writes letters; its types leave it out. */
interface EmbeddedFont {
  readonly id: string;
  /** Numbers of the letters in the part of the font that is embedded, and how wide they are. */
  encode(text: string): [glyphs: string[], widths: { readonly xAdvance: number }[]];
  ref(): unknown;
}

/** One line as it is: pdfkit's own `text` looks for breaks, alignment and links in three passes. */
function write(document: Pdf, { text, x, y, size, color, bold, anchor, upwards }: TextShape): void {
  document.font(bold ? 'bold' : 'regular').fillColor(color);
  const font = (document as unknown as { _font: EmbeddedFont })._font;
  document.page.fonts[font.id] ??= font.ref();
  const [glyphs, widths] = font.encode(text);
  const width = widths.reduce((sum, { xAdvance }) => sum + xAdvance, 0) * (size / 1000);
  const back = anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0;
  // The page grows downwards, letters upwards.
  const place = upwards ? `0 -1 -1 0 ${n(x)} ${n(y + back)}` : `1 0 0 -1 ${n(x - back)} ${n(y)}`;
  document.addContent(`BT /${font.id} ${n(size)} Tf ${place} Tm <${glyphs.join('')}> Tj ET`);
}

const n = (value: number): number => Math.round(value * 1e4) / 1e4;

/**
 * A PDF takes the packed pixels of a palette PNG as they are (ISO 32000-1, 7.4.4.4 and 8.6.6.3).
 * pdfkit reads a PNG byte by byte into a list.
 */
function drawImage(document: Pdf, { box, pngBase64 }: ImageShape): void {
  const { columns, rows, bits, colours, packed } = partsOf(Buffer.from(pngBase64, 'base64'));
  const image = document.ref({
    Type: 'XObject',
    Subtype: 'Image',
    Width: columns,
    Height: rows,
    BitsPerComponent: bits,
    ColorSpace: ['Indexed', 'DeviceRGB', colours.length / 3 - 1, colours],
    Filter: 'FlateDecode',
    DecodeParms: { Predictor: 15, Colors: 1, BitsPerComponent: bits, Columns: columns },
  });
  image.end(packed);
  const { xobjects } = document.page;
  const name = `I${Object.keys(xobjects).length + 1}`;
  xobjects[name] = image;
  document.save();
  document.transform(box.width, 0, 0, -box.height, box.x, box.y + box.height);
  document.addContent(`/${name} Do`);
  document.restore();
}

/** pdfkit packs as small as zlib can, which takes four times as long: a page is a fifth larger. */
function pack({ page }: Pdf): void {
  const content = page.content as unknown as { buffer: Uint8Array[]; compress: boolean };
  content.buffer = [deflateSync(Buffer.concat(content.buffer), { level: 1 })];
  content.compress = false;
}

function clipped(document: Pdf, clip: Box | undefined, action: () => void): void {
  document.save();
  if (clip) document.rect(clip.x, clip.y, clip.width, clip.height).clip();
  action();
  document.restore();
}

/** Straight PDF operators: pdfkit's own path parser takes twenty times as long. */
function operators(line: readonly number[]): string {
  let content = `${line[0]} ${line[1]} m`;
  for (let i = 2; i < line.length; i += 2) content += ` ${line[i]} ${line[i + 1]} l`;
  return `${content} `;
}
