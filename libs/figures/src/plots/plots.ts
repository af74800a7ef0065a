import type { CandidateResult, SensitivityMap, TargetResult } from '#transit';
import { figureToSvg } from '../charts/figure-svg.js';
import { lightCurveFigure, type LightCurveOptions } from './light-curve.js';
import { oddEvenFigure } from './odd-even.js';
import { periodogramFigure, residualPeriodogramFigure } from './periodogram.js';
import { phaseFigure, type PhaseOptions } from './phase.js';
import type { PlotOptions } from './plot-options.js';
import { riverFigure } from './river.js';
import { secondaryFigure } from './secondary.js';
import { sensitivityFigure } from './sensitivity.js';

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

export const sensitivityPlot = (map: SensitivityMap, options?: PlotOptions): string =>
  figureToSvg(sensitivityFigure(map, options));

/** All plots of one candidate as SVG, by their names on the wire. The same input, the same bytes. */
export function candidatePlots(
  result: TargetResult,
  candidate: CandidateResult,
): Readonly<Record<PlotName, string>> {
  const options = { target: result.target };
  return {
    phase: phasePlot(candidate, options),
    bls: periodogramPlot(candidate, options),
    odd_even: oddEvenPlot(candidate, options),
    secondary: secondaryPlot(candidate, options),
    light_curve: lightCurvePlot(result, { candidate: candidate.rank }),
  };
}
