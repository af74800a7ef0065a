import type { CandidateResult, TargetResult } from '#transit';
import type { Figure } from '../charts/figure.js';
import { figureToSvg } from '../charts/figure-svg.js';
import { lightCurveFigure, type LightCurveOptions } from './light-curve.js';
import { oddEvenFigure } from './odd-even.js';
import { periodogramFigure, residualPeriodogramFigure } from './periodogram.js';
import { phaseFigure, type PhaseOptions } from './phase.js';
import type { PlotOptions } from './plot-options.js';
import { riverFigure } from './river.js';
import { secondaryFigure } from './secondary.js';

/** Names on the wire of a candidate's plots. */
export const plotNames = ['phase', 'bls', 'odd_even', 'secondary', 'light_curve'] as const;

export type PlotName = (typeof plotNames)[number];

export const lightCurvePlot = (target: TargetResult, options?: LightCurveOptions): string =>
  figureToSvg(lightCurveFigure(target, options));

export const periodogramPlot = (candidate: CandidateResult, options?: PlotOptions): string =>
  figureToSvg(periodogramFigure(candidate, options));

/** The periodogram of the round in which nothing was found. */
export const residualPeriodogramPlot = (target: TargetResult, options?: PlotOptions): string =>
  figureToSvg(residualPeriodogramFigure(target.residual, { target: target.target, ...options }));

export const phasePlot = (candidate: CandidateResult, options?: PhaseOptions): string =>
  figureToSvg(phaseFigure(candidate, options));

export const oddEvenPlot = (candidate: CandidateResult, options?: PlotOptions): string =>
  figureToSvg(oddEvenFigure(candidate, options));

export const secondaryPlot = (candidate: CandidateResult, options?: PlotOptions): string =>
  figureToSvg(secondaryFigure(candidate, options));

export const riverPlot = (candidate: CandidateResult, options?: PlotOptions): string =>
  figureToSvg(riverFigure(candidate, options));

/** All plots of one candidate, by their names on the wire. The same input, the same figures. */
export function candidateFigures(
  result: TargetResult,
  candidate: CandidateResult,
): Readonly<Record<PlotName, Figure>> {
  const drawn = plotNames.map((name) => [name, candidateFigure(result, candidate, name)] as const);
  return Object.fromEntries(drawn) as Record<PlotName, Figure>;
}

/** One of them: of a million points each takes some tenths of a second. */
export function candidateFigure(
  result: TargetResult,
  candidate: CandidateResult,
  name: PlotName,
): Figure {
  const options = { target: result.target };
  switch (name) {
    case 'phase':
      return phaseFigure(candidate, options);
    case 'bls':
      return periodogramFigure(candidate, options);
    case 'odd_even':
      return oddEvenFigure(candidate, options);
    case 'secondary':
      return secondaryFigure(candidate, options);
    case 'light_curve':
      return lightCurveFigure(result, { candidate: candidate.rank });
  }
}
