/**
 * How wide a text is in DejaVu Sans Condensed, so that labels can be placed without a font engine.
 *
 * Advance widths in thousandths of the font size, read from the font files of dejavu-fonts-ttf 2.37.
 * Kerning is left out; it makes real text narrower by a per cent or so, never wider.
 */

const REGULAR = [
  286, 360, 414, 754, 572, 855, 702, 247, 351, 351, 450, 754, 286, 325, 286, 303, 572, 572, 572,
  572, 572, 572, 572, 572, 572, 572, 303, 303, 754, 754, 754, 478, 900, 615, 617, 628, 693, 568,
  518, 697, 677, 265, 265, 590, 501, 776, 673, 708, 542, 708, 625, 571, 549, 659, 615, 890, 616,
  549, 616, 351, 303, 351, 754, 450, 450, 551, 571, 495, 571, 554, 316, 571, 570, 250, 250, 521,
  250, 876, 570, 550, 571, 571, 370, 469, 353, 570, 532, 736, 532, 532, 472, 572, 303, 572, 754,
];

const BOLD = [
  313, 410, 469, 754, 626, 901, 785, 275, 411, 411, 470, 754, 342, 374, 342, 329, 626, 626, 626,
  626, 626, 626, 626, 626, 626, 626, 360, 360, 754, 754, 754, 522, 900, 696, 686, 660, 747, 615,
  615, 738, 753, 334, 334, 697, 573, 896, 753, 765, 659, 765, 693, 648, 614, 730, 696, 993, 694,
  651, 652, 411, 329, 411, 754, 450, 450, 607, 644, 533, 644, 610, 391, 644, 641, 308, 308, 598,
  308, 938, 641, 618, 644, 644, 444, 536, 430, 641, 586, 831, 580, 586, 523, 641, 329, 641, 754,
];

/** Everything else that the figures write themselves; the bold ones are at most a tenth wider. */
const SYMBOLS: Readonly<Record<string, number>> = {
  '−': 754,
  '±': 754,
  '×': 754,
  '·': 330,
  '°': 450,
  '⊕': 754,
  '☉': 807,
  '½': 900,
  '⅓': 900,
  '⅔': 900,
  '₀': 380,
  '²': 380,
  '³': 380,
  '–': 450,
  '—': 900,
  '…': 900,
  '✓': 754,
  '✗': 754,
};

/** No letter of the Latin, Greek or Cyrillic alphabets is wider. */
const WIDEST = 900;

/** Of the font size. Whole numbers: their sums do not depend on the order. */
function thousandthsOf(text: string, bold: boolean): number {
  const table = bold ? BOLD : REGULAR;
  let sum = 0;
  for (const character of text) {
    const index = character.charCodeAt(0) - 32;
    sum += table[index] ?? SYMBOLS[character] ?? WIDEST;
  }
  return sum;
}

export const textWidth = (text: string, size: number, bold = false): number =>
  (thousandthsOf(text, bold) * size) / 1000;

/** The text, or as much of it as fits with an ellipsis behind. */
export const truncate = (text: string, size: number, width: number, bold = false): string => {
  if (textWidth(text, size, bold) <= width) return text;
  const characters = [...text];
  while (characters.length > 0) {
    characters.pop();
    const shorter = `${characters.join('').trimEnd()}…`;
    if (textWidth(shorter, size, bold) <= width) return shorter;
  }
  return '';
};

/** Lines that each fit; a word longer than a line is broken, nothing is lost. */
export const wrap = (text: string, size: number, width: number, bold = false): string[] => {
  const lines: string[] = [];
  const space = thousandthsOf(' ', bold);
  let [line, used] = ['', 0];
  const fits = (more: number): boolean => ((used + more) * size) / 1000 <= width;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const wide = thousandthsOf(word, bold);
    if (line !== '' && fits(space + wide)) {
      line += ` ${word}`;
      used += space + wide;
      continue;
    }
    if (line !== '') lines.push(line);
    [line, used] = ['', 0];
    for (const character of fits(wide) ? [word] : word) {
      const more = thousandthsOf(character, bold);
      if (line !== '' && !fits(more)) {
        lines.push(line);
        [line, used] = ['', 0];
      }
      line += character;
      used += more;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
};
