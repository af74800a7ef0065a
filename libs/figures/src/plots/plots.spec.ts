import { describe, expect, it } from 'vitest';
import type { CandidateResult, TargetResult } from '#transit';
import { candidateColor } from '../charts/palette.js';
import { figureToSvg } from '../charts/figure-svg.js';
import { cases } from '../fixtures/cases.js';
import {
  notFinite,
  texts,
  textsOutside,
  textsOverlapping,
  xmlOffence,
} from '../fixtures/figure-check.js';
import { aTargetResult } from '../fixtures/target-result.js';
import { lightCurveFigure } from './light-curve.js';
import { oddEvenFigure } from './odd-even.js';
import { periodogramFigure, residualPeriodogramFigure } from './periodogram.js';
import { phaseFigure } from './phase.js';
import { candidateFigures, lightCurvePlot, plotNames, residualPeriodogramPlot } from './plots.js';
import { riverFigure } from './river.js';
import { secondaryFigure } from './secondary.js';

const MOST_BYTES = 200_000;

describe.each(Object.entries(cases))('plots of %s', (_, make) => {
  const result = make();
  const figures = [
    lightCurveFigure(result),
    residualPeriodogramFigure(result.residual),
    ...result.candidates.flatMap((candidate) => [
      lightCurveFigure(result, { candidate: candidate.rank }),
      periodogramFigure(candidate, { target: result.target }),
      phaseFigure(candidate, { target: result.target }),
      oddEvenFigure(candidate, { target: result.target }),
      secondaryFigure(candidate, { target: result.target }),
      riverFigure(candidate, { target: result.target }),
    ]),
  ];

  it('B.18 cuts no text and writes none on another', () => {
    for (const figure of figures) {
      expect(textsOutside(figure), figure.title).toEqual([]);
      expect(textsOverlapping(figure), figure.title).toEqual([]);
      expect(notFinite(figure), figure.title).toBe(0);
    }
  });

  it('B.18 are well-formed, small and the same each time', () => {
    const draw = (): string[] => [
      lightCurvePlot(result),
      residualPeriodogramPlot(result),
      ...result.candidates.flatMap((candidate) =>
        Object.values(candidateFigures(result, candidate)).map(figureToSvg),
      ),
    ];
    const svgs = draw();
    expect(draw()).toEqual(svgs);
    for (const svg of svgs) {
      expect(xmlOffence(svg)).toBeNull();
      expect(/NaN|Infinity|undefined/.exec(svg.replace(/base64,[^"]*/g, ''))).toBeNull();
      expect(svg.length).toBeLessThan(MOST_BYTES);
    }
  });
});

describe('candidateFigures', () => {
  const result = cases['one planet']();
  const figures = candidateFigures(result, result.candidates[0]);
  const plots = Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [name, figureToSvg(figure)]),
  );

  it('B.18 has the five plots under their names on the wire', () => {
    expect(Object.keys(plots)).toEqual([...plotNames]);
    expect(plotNames).toEqual(['phase', 'bls', 'odd_even', 'secondary', 'light_curve']);
  });

  it.each(plotNames)('B.18 names target, period and SNR on %s', (name) => {
    expect(plots[name]).toContain('TIC 307210830, candidate 1');
    expect(plots[name]).toContain('P = 3.690676 d');
    expect(plots[name]).toMatch(/SNR \d/);
  });

  it.each([
    [
      'phase',
      ['Hours from mid-transit', 'Relative flux − 1 (ppm)', 'Residual (ppm)', 'fitted model'],
    ],
    ['bls', ['Trial period (days)', 'SNR', 'P/2', '2P', 'P/3', '3P', '3P/2', 'alias']],
    ['odd_even', ['Hours from mid-transit', 'box depth']],
    ['secondary', ['Hours from phase 0.5', 'Orbital phase (shaded: enlarged below)']],
    [
      'light_curve',
      ['Time (BJD − 2457000, days)', 'Raw flux − 1 (ppm)', 'Detrended flux − 1 (ppm)'],
    ],
  ] as const)('B.18 labels %s with quantities and units', (name, labels) => {
    for (const label of labels) expect(plots[name]).toContain(`>${label}</text>`);
  });
});

describe('honesty of the pictures', () => {
  const withCandidate = (
    change: (candidate: CandidateResult) => Partial<CandidateResult>,
  ): CandidateResult => {
    const [candidate] = cases['one planet']().candidates;
    return { ...candidate, ...change(candidate) };
  };

  it('breaks the time axis at gaps of years and says so', () => {
    const figure = lightCurveFigure(cases['sectors two years apart']());
    expect(texts(figure)).toContain('Time (BJD − 2457000, days) · 2 gaps cut out (//)');
  });

  it('says that the zero point of the times is unknown', () => {
    const figure = lightCurveFigure(aTargetResult({ timeOffsetDays: NaN }));
    expect(texts(figure)).toContain('Time (days, zero point unknown)');
  });

  it('shows eclipses of 30 % in per cent, the whole of them', () => {
    const figure = phaseFigure(cases['a deep eclipsing binary']().candidates[0]);
    expect(texts(figure)).toContain('Relative flux − 1 (%)');
    expect(texts(figure)).toContain('−30');
  });

  it('claims no period for a single transit', () => {
    const [candidate] = cases['a single transit']().candidates;
    for (const draw of [
      periodogramFigure,
      phaseFigure,
      oddEvenFigure,
      secondaryFigure,
      riverFigure,
    ]) {
      const figure = draw(candidate);
      expect(texts(figure)).toContain('single transit, period unknown');
      expect(texts(figure).join(' ')).not.toMatch(/P = |NaN/);
    }
    expect(texts(oddEvenFigure(candidate))).toContain('A single transit has no odd and even ones.');
    expect(texts(secondaryFigure(candidate))).toContain('A single transit has no known phase 0.5.');
  });

  it('draws no model where the fit did not converge, and says so', () => {
    const figure = phaseFigure(cases['a fit that failed']().candidates[0]);
    expect(texts(figure)).toContain('no model: the fit did not converge');
    expect(texts(figure)).not.toContain('fitted model');
  });

  it('counts the points that a frame does not show', () => {
    const candidate = withCandidate(({ curve }) => {
      const flux = curve.flux.slice();
      const near = curve.timeDays.findIndex((time) => time > 1326.42);
      flux[near] = 1.2;
      return { curve: { ...curve, flux } };
    });
    expect(texts(phaseFigure(candidate)).join(' ')).toMatch(/1 point above the frame/);
  });

  it('B.18 keeps a few wild points from flattening the curve, and counts them', () => {
    const result = cases['a deep eclipsing binary']();
    const flux = result.detrended.flux.slice();
    flux[40] = 30;
    flux[400] = -30;
    const figure = lightCurveFigure({ ...result, detrended: { ...result.detrended, flux } });
    expect(texts(figure)).toContain('1 point above the frame');
    expect(texts(figure)).toContain('1 point below the frame');
    expect(texts(figure)).toContain('−20');
  });

  const transitMarks = (result: TargetResult): { full: number; hollow: number } => {
    const fills = lightCurveFigure(result, { bare: true }).shapes.flatMap((shape) =>
      shape.kind === 'path' && shape.stroke === candidateColor(1) && shape.closed
        ? [shape.fill]
        : [],
    );
    const hollow = fills.filter((fill) => fill === '#ffffff').length;
    return { full: fills.length - hollow, hollow: hollow - 1 }; // one is in the legend
  };

  it('draws each transit with data full, each without hollow', () => {
    const planets = [{ periodDays: 3.690676, t0Days: 1326.4, depthPpm: 1657, durationHours: 1.11 }];
    expect(transitMarks(aTargetResult({ planets }))).toEqual({ full: 7, hollow: 0 });
    const stretchesDays = [
      [1325, 1330],
      [1330.2, 1352],
    ] as const; // without 1330.09
    expect(transitMarks(aTargetResult({ planets, stretchesDays }))).toEqual({ full: 6, hollow: 1 });
  });

  it('believes no period that one transit alone supports', () => {
    const candidate = withCandidate(({ signal }) => ({
      signal: { ...signal, transitsObserved: 1 },
    }));
    expect(texts(phaseFigure(candidate))).toContain('single transit, period unknown');
  });

  it('measures the eclipse at phase 0.5', () => {
    const [sentence] = texts(
      secondaryFigure(cases['a deep eclipsing binary']().candidates[0]),
    ).filter((text) => text.startsWith('depth at phase 0.5'));
    expect(sentence).toMatch(/^depth at phase 0.5: 14.8\d+ ± [\d.]+ %/);
  });

  it('tells two depths apart that differ by a fifth', () => {
    const [candidate] = cases['twenty-second data']().candidates;
    const [comparison] = texts(oddEvenFigure(candidate)).filter((text) =>
      text.includes('differ by'),
    );
    expect(Number(/differ by ([\d.]+) σ/.exec(comparison)?.[1])).toBeGreaterThan(10);
    expect(texts(oddEvenFigure(candidate)).join(' ')).toMatch(/odd: 2\d{3} ± .* even: 1[89]\d\d ±/);
  });

  it('draws from estimates that are not numbers', () => {
    const unknown = { value: NaN, error: NaN };
    const candidate = withCandidate(({ fit }) => ({
      fit: {
        ...fit,
        periodDays: unknown,
        t0Days: unknown,
        durationHours: unknown,
        depthPpm: unknown,
      },
    }));
    for (const draw of [
      periodogramFigure,
      phaseFigure,
      oddEvenFigure,
      secondaryFigure,
      riverFigure,
    ]) {
      expect(notFinite(draw(candidate))).toBe(0);
    }
  });

  it('draws empty arrays as sentences', () => {
    const none = new Float64Array();
    const candidate = withCandidate(({ curve, fit }) => ({
      curve: { ...curve, timeDays: none, flux: none, fluxError: none, segment: new Uint16Array() },
      fit: { ...fit, folded: { hours: none, flux: none, fluxError: none, model: none } },
      periodogram: { method: 'bls', periodDays: none, snr: none },
    }));
    expect(texts(phaseFigure(candidate))).toContain('No points lie near this transit.');
    expect(texts(periodogramFigure(candidate))).toContain('No trial period was searched.');
    expect(texts(oddEvenFigure(candidate))).toContain('No points lie near these transits.');
    expect(texts(secondaryFigure(candidate))).toContain('No points are left in this curve.');
    expect(texts(riverFigure(candidate))).toContain('No points lie near this transit.');
  });

  it('leaves its input as it was', () => {
    const result = cases['one planet']();
    const before = JSON.stringify(result);
    candidateFigures(result, result.candidates[0]);
    expect(JSON.stringify(result)).toBe(before);
  });
});
