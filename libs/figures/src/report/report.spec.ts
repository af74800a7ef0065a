import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { TargetResult } from '#transit';
import { textWidth } from '../charts/text-width.js';
import { cases } from '../fixtures/cases.js';
import { textsOutside, textsOverlapping, notFinite, texts } from '../fixtures/figure-check.js';
import { newPdf } from './pdf.js';
import { jobCandidates, jobSummaryPages, type JobSummary } from './job-summary.js';
import type { ReportProvenance } from './provenance.js';
import { reportModel } from './report-model.js';
import { jobReport, jobReportStream, targetReport } from './report.js';
import { targetPage } from './target-page.js';

const provenance: ReportProvenance = {
  codeVersion: '0.1.0',
  inputs: [
    {
      name: 'curve.fits',
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  ],
  parameters: { min_period_days: 0.5, max_period_days: null, detrend: 'biweight' },
  seed: 1,
};

const pagesIn = (pdf: Uint8Array): number =>
  [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/Type \/Page\b/g),
  ].length;

function hasPoppler(): boolean {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function textOf(pdf: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'lightfold-report-'));
  try {
    const file = join(folder, 'report.pdf');
    writeFileSync(file, pdf);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const aSummary = (fields: Partial<JobSummary> = {}): JobSummary => ({
  jobId: '7d2c1f8e-1111-4222-8333-444455556666',
  dataset: 'Sector 1',
  createdAt: '2026-11-20T12:00:00Z',
  codeVersion: '0.1.0',
  targets: { total: 3, completed: 2, failed: 1 },
  candidates: [],
  ...fields,
});

describe.each(Object.entries(cases))('target report of %s', (_, make) => {
  const model = reportModel(make(), provenance);

  it('B.19 is exactly one page on which nothing is cut or overlaps', async () => {
    const page = targetPage(model);
    expect(textsOutside(page)).toEqual([]);
    expect(textsOverlapping(page)).toEqual([]);
    expect(notFinite(page)).toBe(0);
    const pdf = await targetReport(model);
    expect(pagesIn(pdf)).toBe(1);
    expect(pdf.length).toBeLessThan(400_000);
  });

  it('B.19 is drawn from JSON, and has the same bytes each time', async () => {
    const stored = JSON.parse(JSON.stringify(model)) as typeof model;
    expect(stored).toEqual(model);
    const [first, second] = [await targetReport(model), await targetReport(stored)];
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
  });
});

describe('text of a PDF', () => {
  it.each(['regular', 'bold'] as const)(
    'B.19 is as wide as it was measured where %s text ends at a place or around it',
    (weight) => {
      const document = newPdf('Widths');
      document.font(weight).fontSize(7);
      for (const text of ['170', '8.437023 ± 0.000079', 'Flux − 1 (ppm)']) {
        const width = textWidth(text, 7, weight === 'bold');
        expect(document.widthOfString(text)).toBeCloseTo(width, 1); // measured to 1/1000 em
      }
    },
  );
});

describe('target page', () => {
  const page = (result: TargetResult): string =>
    texts(targetPage(reportModel(result, provenance))).join('\n');

  it('B.19 shows the candidate, its vetting and where it comes from', () => {
    const text = page(cases['one planet']());
    for (const part of [
      'TIC 307210830',
      '3.6906760 ± 0.0000074',
      '2458326.40000',
      '1657 ± 51',
      '✓ accept',
      'ephemeris match',
      '! warn',
      'Decision: The signal passes all vetting tests that can be computed.',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      'seed 1',
      'max_period_days default',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('B.19 says that nothing was found, with curve and periodogram', () => {
    const text = page(cases['no candidate']());
    expect(text).toContain('No candidate: no signal passed the detection threshold.');
    expect(text).toContain('Periodogram of the last search');
    expect(text).toContain('Trial period (days)');
  });

  it('shows the accepted candidate large, not a rejected stronger one', () => {
    const result = cases['six candidates in four years']();
    const [first, ...rest] = result.candidates;
    const rejected = { ...first, decision: { ...first.decision, action: 'reject' as const } };
    const text = page({ ...result, candidates: [rejected, ...rest] });
    expect(text).toContain('Candidate 2: phase fold');
    expect(text).toContain('1: P = 331.59727 d');
  });

  it('B.19 hides no vetting test: the failed ones first, and passed ones by name at the least', () => {
    const result = cases['six candidates in four years']();
    const [first, ...rest] = result.candidates;
    const message = 'A sentence with its numbers, as long as they are in reports of real stars. ';
    const vetting = Array.from({ length: 24 }, (_, i) => ({
      ...first.vetting[0],
      test: `test_number_${i + 1}`,
      verdict: i === 20 ? ('fail' as const) : ('pass' as const),
      message: message.repeat(2),
    }));
    const accepted = {
      ...first,
      vetting,
      decision: { ...first.decision, action: 'accept' as const },
    };
    const model = reportModel({ ...result, candidates: [accepted, ...rest] }, provenance);
    const words = texts(targetPage(model)).join(' ');
    for (const { test } of vetting) expect(words).toContain(test.replaceAll('_', ' '));
    expect(words.indexOf('test number 21')).toBeLessThan(words.indexOf('test number 1 '));
    expect(words).toContain('Passed as well: ');
    expect(textsOutside(targetPage(model))).toEqual([]);
    expect(textsOverlapping(targetPage(model))).toEqual([]);
  });

  it('keeps to one page whatever comes: many candidates, long names, long sentences', async () => {
    const result = cases['six candidates in four years']();
    const word = 'An unusually long sentence that says the same thing again and again. ';
    const candidates = Array.from({ length: 9 }, (_, i) => {
      const candidate = result.candidates[i % 6];
      const vetting = candidate.vetting.map((test) => ({ ...test, message: word.repeat(6) }));
      const decision = { ...candidate.decision, reasons: [word.repeat(8)] };
      return { ...candidate, rank: i + 1, vetting, decision };
    });
    const model = reportModel(
      { ...result, target: 'X'.repeat(200), candidates, warnings: [word.repeat(9)] },
      { ...provenance, inputs: Array.from({ length: 90 }, () => provenance.inputs[0]) },
    );
    expect(textsOutside(targetPage(model))).toEqual([]);
    expect(textsOverlapping(targetPage(model))).toEqual([]);
    expect(texts(targetPage(model)).join(' ')).toContain('3 more candidates are not on this page.');
    expect(pagesIn(await targetReport(model))).toBe(1);
  });

  it('B.19 is the same bytes whenever it is made: it has no date', async () => {
    const make = () => targetReport(reportModel(cases['one planet'](), provenance));
    vi.setSystemTime(new Date('2026-11-20T12:00:00Z'));
    try {
      const first = Buffer.from(await make());
      vi.setSystemTime(new Date('2027-01-01T00:00:00Z'));
      expect(first.equals(Buffer.from(await make()))).toBe(true);
      expect(first.toString('latin1')).not.toContain('CreationDate');
    } finally {
      vi.useRealTimers();
    }
  });

  it('B.7 carries its words as text that can be searched', async (context) => {
    if (!hasPoppler()) return context.skip('pdftotext (poppler-utils) is not installed');
    const text = textOf(await targetReport(reportModel(cases['one planet'](), provenance)));
    expect(text).toContain('TIC 307210830');
    expect(text).toContain('3.6906760 ± 0.0000074');
    expect(text).toContain('Hours from mid-transit');
    expect(text).toContain('✓ accept');
  });
});

describe('job report', () => {
  it('refuses a summary without a date', async () => {
    await expect(jobReport(aSummary({ createdAt: 'now' }), [])).rejects.toThrow(
      'createdAt must be an ISO 8601 date, not "now"',
    );
  });

  const results = [cases['one planet'](), cases['a single transit']()];
  const models = results.map((result) => reportModel(result, provenance));

  it('B.7 is the summary and one page per target, the same bytes each time', async () => {
    const summary = aSummary({ candidates: results.flatMap(jobCandidates) });
    const pdf = await jobReport(summary, models);
    expect(pagesIn(pdf)).toBe(3);
    const chunks: Buffer[] = [];
    async function* stored() {
      for (const model of models) yield model;
    }
    for await (const chunk of jobReportStream(summary, stored())) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(Buffer.from(pdf))).toBe(true);
  });

  it('asks for a model only when the pages before it have left', async () => {
    const sizeOf = async (count: number): Promise<number> =>
      (await jobReport(aSummary(), new Array(count).fill(models[0]))).length;
    const pageBytes = (await sizeOf(3)) - (await sizeOf(2));
    let asked = 0;
    let taken = 0;
    let mostWaiting = 0;
    async function* counting() {
      while (asked < 40) {
        mostWaiting = Math.max(mostWaiting, asked - taken / pageBytes);
        asked++;
        yield models[0];
      }
    }
    for await (const chunk of jobReportStream(aSummary(), counting())) {
      taken += (chunk as Buffer).length;
    }
    expect(asked).toBe(40);
    expect(mostWaiting).toBeLessThan(3);
  });

  it('fails when a model cannot be read', async () => {
    async function* broken() {
      yield models[0];
      throw new Error('object is gone');
    }
    await expect(jobReport(aSummary(), broken())).rejects.toThrow('object is gone');
  });

  it('sorts by decision, then probability, and goes on over further pages', () => {
    const [candidate] = jobCandidates(results[0]);
    const many = Array.from({ length: 200 }, (_, i) => ({
      ...candidate,
      target: `TIC ${i}`,
      probability: (i % 100) / 100,
      action: i % 2 === 0 ? ('reject' as const) : ('accept' as const),
    }));
    const pages = jobSummaryPages(aSummary({ candidates: many }));
    expect(pages.length).toBe(4);
    const shown = pages.flatMap(texts).filter((text) => /^TIC \d+$/.test(text));
    expect(shown).toHaveLength(200);
    expect(shown.slice(0, 3)).toEqual(['TIC 199', 'TIC 99', 'TIC 197']);
    expect(pages.flatMap(texts)).toContain('Candidates, continued');
    for (const page of pages) {
      expect(textsOutside(page)).toEqual([]);
      expect(textsOverlapping(page)).toEqual([]);
    }
  });

  it('names the targets that failed, and why', () => {
    const [page] = jobSummaryPages(
      aSummary({ failures: [{ target: 'TIC 1', reason: 'The file has 12 points.' }] }),
    );
    expect(texts(page)).toContain('No target has a candidate.');
    expect(texts(page)).toContain('The file has 12 points.');
  });

  it('gives unknown numbers as null, so that JSON keeps them', () => {
    const [row] = jobCandidates(results[1]);
    expect(row).toMatchObject({ periodDays: null, action: 'human_review', t0Bjd: 2458344.2 });
    expect(JSON.parse(JSON.stringify(row))).toEqual(row);
  });
});
