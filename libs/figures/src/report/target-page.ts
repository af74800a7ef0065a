import type { Figure } from '../charts/figure.js';
import { fail, ink, muted, pass, warn } from '../charts/palette.js';
import type { Sketch } from '../charts/sketch.js';
import { textWidth, truncate } from '../charts/text-width.js';
import {
  drawTable,
  facts,
  heading,
  MARGIN,
  newPage,
  PAGE_HEIGHT,
  paragraph,
  paragraphHeight,
  RIGHT,
  rule,
  tableHeight,
  type Cell,
  type Column,
  type Row,
} from './page.js';
import {
  CONTENT_WIDTH,
  FONT_SIZE,
  smallWidth,
  type ReportModel,
  type VettingLine,
} from './report-model.js';

const TOP = 30;
const BOTTOM = PAGE_HEIGHT - 26;
const GUTTER = 9;
const FOOTER_SIZE = 5.2;
const MOST_FOOTER_LINES = 3;
const TABLE_SIZE = 7;

const SENSITIVITY_HEADING = 'Planets that could have been found, by injection and recovery';

/** One page, and one more where a map of sensitivity stands beside candidates. */
export const targetPages = (model: ReportModel): Figure[] =>
  model.main && model.sensitivity
    ? [targetPage(model), sensitivityPage(model, model.sensitivity)]
    : [targetPage(model)];

function sensitivityPage(model: ReportModel, figure: Figure): Figure {
  const page = newPage(FONT_SIZE);
  drawFooter(page, model);
  const y = heading(page, drawHeader(page, model), SENSITIVITY_HEADING);
  page.place(figure, MARGIN, y);
  return page.figure(`${model.target}: sensitivity`);
}

/** The page of one target, exactly one A4: what does not fit is set smaller, then cut with "…". */
export function targetPage(model: ReportModel): Figure {
  const page = newPage(FONT_SIZE);
  const footerTop = drawFooter(page, model);
  let y = drawHeader(page, model);
  y = drawCandidates(page, y, model);
  y = heading(page, y, 'Light curve');
  page.place(model.lightCurve, MARGIN, y);
  y += model.lightCurve.height + 4;
  if (model.main) {
    y = drawPair(
      page,
      y,
      model.main.rank,
      ['periodogram', model.periodogram],
      ['phase fold', model.main.phase],
    );
    y = drawPair(
      page,
      y,
      model.main.rank,
      ['odd and even transits', model.main.oddEven],
      ['secondary eclipse', model.main.secondary],
    );
  } else {
    y = heading(page, y, 'Periodogram of the last search');
    page.place(model.periodogram, MARGIN, y);
    y += model.periodogram.height + 4;
    if (model.sensitivity) {
      y = heading(page, y, SENSITIVITY_HEADING);
      page.place(model.sensitivity, MARGIN, y);
      y += model.sensitivity.height + 4;
    }
  }
  y = drawOthers(page, y, model);
  drawFindings(page, y, footerTop - 3, model);
  return page.figure(`${model.target}: report`);
}

function drawHeader(page: Sketch, model: ReportModel): number {
  const size = 16;
  const { subtitle } = model;
  const rightWidth = textWidth(subtitle, 8);
  const name = truncate(model.target, size, CONTENT_WIDTH - rightWidth - 12, true);
  page.text(MARGIN, TOP + size, name, { size, bold: true });
  page.text(RIGHT, TOP + size, subtitle, { size: 8, color: muted, anchor: 'end' });
  rule(page, TOP + size + 6, ink, 0.9);
  return facts(page, TOP + size + 11, model.facts, 6.8) + 7;
}

const candidateColumns: readonly Column[] = [
  { heading: '#', width: 16 },
  { heading: 'Period (d)', width: 98, align: 'end' },
  { heading: 'T₀ (BJD)', width: 82, align: 'end' },
  { heading: 'Depth (ppm)', width: 76, align: 'end' },
  { heading: 'Duration (h)', width: 65, align: 'end' },
  { heading: 'Rp (R⊕)', width: 65, align: 'end' },
  { heading: 'SNR', width: 38, align: 'end' },
  { heading: 'Prob.', width: 34, align: 'end' },
  { heading: 'Decision', width: 53 },
];

function drawCandidates(page: Sketch, top: number, model: ReportModel): number {
  if (model.candidates.length === 0) {
    const sentence = 'No candidate: no signal passed the detection threshold.';
    return paragraph(page, top, sentence, 8.4, ink) + 8;
  }
  const rows = model.candidates.map((line): Row => {
    const bold = line.rank === model.main?.rank;
    const cell = (text: string): Cell => ({ text, bold });
    return [
      cell(String(line.rank)),
      ...[line.period, line.t0Bjd, line.depth, line.duration, line.radius].map(cell),
      ...[line.snr, line.probability].map(cell),
      decisionCell(line.decision),
    ];
  });
  return drawTable(page, top, candidateColumns, rows, TABLE_SIZE).y + 8;
}

/** A decision as a coloured cell with its own sign. */
export function decisionCell(decision: string): Cell {
  const action = decision.replace('_', ' ');
  if (action === 'accept') return { text: '✓ accept', color: pass, bold: true };
  if (action === 'reject') return { text: '✗ reject', color: fail, bold: true };
  return { text: '? review', color: warn, bold: true };
}

type Titled = readonly [string, Figure];

function drawPair(page: Sketch, top: number, rank: number, left: Titled, right: Titled): number {
  const second = MARGIN + (CONTENT_WIDTH + GUTTER) / 2;
  const y = heading(page, top, `Candidate ${rank}: ${left[0]}`);
  heading(page, top, `Candidate ${rank}: ${right[0]}`, undefined, second);
  page.place(left[1], MARGIN, y);
  page.place(right[1], second, y);
  return y + Math.max(left[1].height, right[1].height) + 4;
}

function drawOthers(page: Sketch, top: number, { others }: ReportModel): number {
  if (others.length === 0) return top;
  const width = smallWidth(others.length);
  const size = 6.4;
  const perRow = Math.round((CONTENT_WIDTH + GUTTER) / (width + GUTTER));
  const shown = others.slice(0, perRow);
  shown.forEach(({ heading: text, phase }, i) => {
    const x = MARGIN + i * (width + GUTTER);
    heading(page, top, truncate(text, size, width, true), size, x);
    page.place(phase, x, top + size * 1.45);
  });
  return top + size * 1.45 + shown[0].phase.height + 4;
}

/**
 * Vetting, reasons and warnings in the space that is left: the largest letters that fit. What speaks
 * against the candidate comes first; where not all has room, passed tests are named in one sentence.
 */
function drawFindings(page: Sketch, top: number, bottom: number, model: ReportModel): void {
  const sizes = [6.8, 6.5, 6.2, 5.9, 5.6, 5.3, 5];
  const smallest = sizes[sizes.length - 1];
  const lines = [...(model.main?.vetting ?? [])].sort(
    (a, b) => WEIGHT.indexOf(a.verdict) - WEIGHT.indexOf(b.verdict),
  );
  let rows = lines.map((line) => vettingRow(line, model.others.length > 0));
  const findings = [
    ...(model.main ? [`Decision: ${model.main.reasons.join(' ')}`] : []),
    ...(model.warnings.length > 0 ? [`Note: ${model.warnings.join(' ')}`] : []),
  ];
  let reasons = findings;
  const heightAt = (size: number, wraps: boolean): number =>
    reasons.reduce((sum, text) => sum + paragraphHeight(text, size) + 2, 0) +
    (rows.length > 0 ? tableHeight(vettingColumns(model, wraps), rows, size) + 3 : 0);
  const fitting = sizes.find((size) => heightAt(size, true) <= bottom - top);
  for (let shown = rows.length - 1; !fitting && heightAt(smallest, false) > bottom - top; shown--) {
    if (shown < 1 || lines[shown].verdict !== 'pass') break;
    rows = rows.slice(0, shown);
    const passed = lines.slice(shown).map(({ test }) => test.replaceAll('_', ' '));
    reasons = [...findings, `Passed as well: ${passed.join(', ')}.`];
  }
  const size = fitting ?? smallest;
  const columns = vettingColumns(model, fitting !== undefined);
  let y = top;
  reasons.forEach((text, i) => {
    const color = text.startsWith('Note:') ? warn : ink;
    y = paragraph(page, y, text, size, color, fitting || i >= findings.length ? Infinity : 2) + 2;
  });
  if (rows.length > 0) drawTable(page, y + 1, columns, rows, size, bottom);
}

function vettingColumns(model: ReportModel, wraps: boolean): Column[] {
  const hasOthers = model.others.length > 0;
  const fixedColumns: Column[] = [
    { heading: 'Vetting', width: 68 },
    { heading: 'Verdict', width: 58 },
    { heading: 'Value', width: 34, align: 'end' },
    { heading: 'Limit', width: 30, align: 'end' },
    ...(hasOthers
      ? [{ heading: 'Others', width: Math.max(8 + 13 * model.others.length, 36) }]
      : []),
  ];
  const used = fixedColumns.reduce((sum, { width }) => sum + width, 0);
  return [
    ...fixedColumns,
    { heading: `Candidate ${model.main?.rank ?? ''}`, width: CONTENT_WIDTH - used, wraps },
  ];
}

/** The weightiest verdict first. */
const WEIGHT: readonly VettingLine['verdict'][] = ['fail', 'warn', 'not_computable', 'pass'];

const SIGNS: Readonly<Record<VettingLine['verdict'], Cell>> = {
  pass: { text: '✓ pass', color: pass },
  warn: { text: '! warn', color: warn, bold: true },
  fail: { text: '✗ fail', color: fail, bold: true },
  not_computable: { text: '– not known', color: muted },
};

function vettingRow(line: VettingLine, hasOthers: boolean): Row {
  const others = line.others
    .map(({ rank, verdict }) => `${rank} ${SIGNS[verdict].text[0]}`)
    .join('  ');
  return [
    line.test.replaceAll('_', ' '),
    SIGNS[line.verdict],
    line.value,
    line.threshold,
    ...(hasOthers ? [others] : []),
    line.message,
  ];
}

function drawFooter(page: Sketch, model: ReportModel): number {
  const height = model.provenance.reduce(
    (sum, text) => sum + paragraphHeight(text, FOOTER_SIZE, MOST_FOOTER_LINES),
    0,
  );
  const top = BOTTOM - height;
  rule(page, top - 2, muted, 0.4);
  let y = top;
  for (const text of model.provenance) {
    y = paragraph(page, y, text, FOOTER_SIZE, muted, MOST_FOOTER_LINES);
  }
  return top - 2;
}
