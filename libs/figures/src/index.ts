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
  sensitivityPlot,
  type PlotName,
} from './plots/plots.js';
export type { PlotOptions } from './plots/plot-options.js';
export { reportProvenance, type ReportProvenance } from './report/provenance.js';
export { reportModel, type ReportModel } from './report/report-model.js';
export { jobCandidates, type JobCandidate, type JobSummary } from './report/job-summary.js';
export { jobReport, jobReportStream, targetReport } from './report/report.js';
