import type { Action, TargetResult } from '#transit';
import type { Figure } from '../charts/figure.js';
import { counted, significant, UNKNOWN } from '../charts/number-text.js';
import { fail, ink, muted } from '../charts/palette.js';
import { fixed } from '../charts/scale.js';
import type { Sketch } from '../charts/sketch.js';
import { truncate } from '../charts/text-width.js';
import { ephemerisOf } from '../plots/ephemeris.js';
import {
  drawTable,
  facts,
  heading,
  MARGIN,
  newPage,
  PAGE_HEIGHT,
  paragraph,
  RIGHT,
  rule,
  type Column,
  type Row,
} from './page.js';
import { CONTENT_WIDTH } from './report-model.js';
import { decisionCell } from './target-page.js';

/** What the first pages of a job's report say. Plain JSON: an unknown number is null. */
export interface JobSummary {
  readonly jobId: string;
  /** Name or id of the dataset. */
  readonly dataset: string;
  /** ISO 8601: when the job ended. It is also the date of the document. */
  readonly createdAt: string;
  readonly codeVersion: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  readonly targets: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly candidates: readonly JobCandidate[];
  /** Targets without a result, with the sentence why. */
  readonly failures?: readonly { readonly target: string; readonly reason: string }[];
}

export interface JobCandidate {
  readonly target: string;
  readonly rank: number;
  /** null for a single transit. */
  readonly periodDays: number | null;
  readonly t0Bjd: number | null;
  readonly depthPpm: number | null;
  readonly durationHours: number | null;
  readonly snr: number | null;
  readonly probability: number | null;
  readonly action: Action;
}

/** A result's rows of the summary. */
export function jobCandidates(result: TargetResult): JobCandidate[] {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return result.candidates.map((candidate) => {
    const ephemeris = ephemerisOf(candidate);
    return {
      target: result.target,
      rank: candidate.rank,
      periodDays: ephemeris.periodDays,
      t0Bjd: known(ephemeris.t0Days + candidate.curve.timeOffsetDays),
      depthPpm: known(ephemeris.depthPpm),
      durationHours: candidate.signal.durationHours > 0 ? known(ephemeris.durationHours) : null,
      snr: known(candidate.signal.snr),
      probability: known(candidate.classification.probability),
      action: candidate.decision.action,
    };
  });
}

const TOP = 30;
const BOTTOM = PAGE_HEIGHT - 40;
const SIZE = 7.2;

/** As many pages as the tables need, at least one; accepted candidates first, then by probability. */
export function jobSummaryPages(summary: JobSummary): Figure[] {
  const sheet = new Sheets(summary);
  drawCounts(sheet, summary);
  if (summary.candidates.length === 0) {
    sheet.y = paragraph(sheet.page, sheet.y, 'No target has a candidate.', 8.4) + 8;
  } else {
    sheet.table('Candidates', candidateColumns, sorted(summary.candidates).map(candidateRow));
  }
  const failures = summary.failures ?? [];
  if (failures.length > 0) {
    const rows = failures.map(({ target, reason }): Row => [target, { text: reason, color: fail }]);
    sheet.table('Targets without a result', failureColumns, rows);
  }
  return sheet.finish();
}

/** The pages so far, and where the next thing goes. */
class Sheets {
  private readonly pages: Sketch[] = [];
  page: Sketch;
  y = TOP;

  constructor(private readonly summary: JobSummary) {
    this.page = this.turn();
  }

  table(title: string, columns: readonly Column[], rows: readonly Row[]): void {
    let rest = rows;
    let shownTitle = title;
    if (this.y > BOTTOM - 60) this.turn();
    while (rest.length > 0) {
      const top = heading(this.page, this.y, shownTitle, 9);
      const { y, drawn } = drawTable(this.page, top, columns, rest, SIZE, BOTTOM);
      this.y = y + 12;
      rest = rest.slice(Math.max(drawn, 1));
      shownTitle = `${title}, continued`;
      if (rest.length > 0) this.turn();
    }
  }

  finish(): Figure[] {
    const { jobId, codeVersion, createdAt } = this.summary;
    return this.pages.map((page, i) => {
      rule(page, PAGE_HEIGHT - 34, muted, 0.4);
      const origin = `Lightfold ${codeVersion}, ${createdAt}, job ${jobId}`;
      page.text(MARGIN, PAGE_HEIGHT - 26, truncate(origin, 6, CONTENT_WIDTH - 90), {
        size: 6,
        color: muted,
      });
      page.text(RIGHT, PAGE_HEIGHT - 26, `summary ${i + 1} of ${this.pages.length}`, {
        size: 6,
        color: muted,
        anchor: 'end',
      });
      return page.figure(`Job ${jobId}: summary ${i + 1}`);
    });
  }

  private turn(): Sketch {
    this.page = newPage(SIZE);
    this.pages.push(this.page);
    const size = this.pages.length === 1 ? 16 : 9;
    const title = truncate('Transit search: ' + this.summary.dataset, size, CONTENT_WIDTH, true);
    this.page.text(MARGIN, TOP + size, title, { size, bold: true });
    rule(this.page, TOP + size + 6, ink, 0.9);
    this.y = TOP + size + 12;
    return this.page;
  }
}

function drawCounts(sheet: Sheets, summary: JobSummary): void {
  const { targets, candidates, parameters = {} } = summary;
  const of = (action: Action): string =>
    counted(candidates.filter((candidate) => candidate.action === action).length);
  const settings = Object.entries(parameters)
    .map(([name, value]) => `${name} ${value === null ? 'default' : value}`)
    .join(', ');
  const pairs: (readonly [string, string])[] = [
    ['Job', summary.jobId],
    ['Ended', summary.createdAt],
    ['Version', summary.codeVersion],
    [
      'Targets',
      `${counted(targets.total)}: ${counted(targets.completed)} completed, ${counted(targets.failed)} failed`,
    ],
    [
      'Candidates',
      `${counted(candidates.length)}: ${of('accept')} accepted, ${of('human_review')} to review, ` +
        `${of('reject')} rejected`,
    ],
    ['Targets with an accepted candidate', counted(acceptedTargets(candidates))],
  ];
  sheet.y = facts(sheet.page, sheet.y, pairs, 7.6) + 4;
  if (settings) {
    sheet.y = paragraph(sheet.page, sheet.y, `Parameters: ${settings}`, 6.6, muted, 4) + 2;
  }
  sheet.y += 8;
}

const acceptedTargets = (candidates: readonly JobCandidate[]): number =>
  new Set(candidates.filter(({ action }) => action === 'accept').map(({ target }) => target)).size;

const ORDER: readonly Action[] = ['accept', 'human_review', 'reject'];

function sorted(candidates: readonly JobCandidate[]): JobCandidate[] {
  return [...candidates].sort(
    (a, b) =>
      ORDER.indexOf(a.action) - ORDER.indexOf(b.action) ||
      (b.probability ?? -1) - (a.probability ?? -1) ||
      (a.target < b.target ? -1 : a.target > b.target ? 1 : 0) ||
      a.rank - b.rank,
  );
}

const candidateColumns: readonly Column[] = [
  { heading: 'Target', width: 130 },
  { heading: '#', width: 18, align: 'end' },
  { heading: 'Period (d)', width: 68, align: 'end' },
  { heading: 'T₀ (BJD)', width: 78, align: 'end' },
  { heading: 'Depth (ppm)', width: 56, align: 'end' },
  { heading: 'Duration (h)', width: 52, align: 'end' },
  { heading: 'SNR', width: 38, align: 'end' },
  { heading: 'Prob.', width: 36, align: 'end' },
  { heading: 'Decision', width: 51 },
];

const failureColumns: readonly Column[] = [
  { heading: 'Target', width: 130 },
  { heading: 'Reason', width: CONTENT_WIDTH - 130, wraps: true },
];

function candidateRow(candidate: JobCandidate): Row {
  const number = (value: number | null, text: (known: number) => string): string =>
    value === null ? UNKNOWN : text(value);
  return [
    candidate.target,
    String(candidate.rank),
    candidate.periodDays === null ? 'single' : significant(candidate.periodDays, 7),
    number(candidate.t0Bjd, (value) => fixed(value, 4)),
    number(candidate.depthPpm, (value) => significant(value, 4)),
    number(candidate.durationHours, (value) => significant(value, 3)),
    number(candidate.snr, (value) => significant(value, 3)),
    number(candidate.probability, (value) => fixed(value, 3)),
    decisionCell(candidate.action),
  ];
}
