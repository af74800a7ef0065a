export { toPng } from './png.js';
export {
  candidatePlots,
  lightCurvePlot,
  oddEvenPlot,
  periodogramPlot,
  phasePlot,
  plotNames,
  residualPeriodogramPlot,
  riverPlot,
  secondaryPlot,
  type PlotName,
} from './plots/plots.js';
export type { PlotOptions } from './plots/plot-options.js';
