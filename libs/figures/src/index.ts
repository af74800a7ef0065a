export type { Figure } from './charts/figure.js';
export { figureToSvg } from './charts/figure-svg.js';
export { figureToPng } from './png/figure-png.js';
export {
  candidateFigure,
  candidateFigures,
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
export { modelFigures, modelPlotTitles } from './models/model-plots.js';
export { sensitivityFigure } from './plots/sensitivity.js';
export type { PlotOptions } from './plots/plot-options.js';
export { reportProvenance, type ReportProvenance } from './report/provenance.js';
export { reportModel, type ReportModel } from './report/report-model.js';
export { jobCandidates, type JobCandidate, type JobSummary } from './report/job-summary.js';
export { jobReport, jobReportStream, targetReport } from './report/report.js';
