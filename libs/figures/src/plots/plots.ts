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
  const options = { target: result.target };
  return {
    phase: phaseFigure(candidate, options),
    bls: periodogramFigure(candidate, options),
    odd_even: oddEvenFigure(candidate, options),
    secondary: secondaryFigure(candidate, options),
    light_curve: lightCurveFigure(result, { candidate: candidate.rank }),
  };
}
