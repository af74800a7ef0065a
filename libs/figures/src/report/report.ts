import { Readable } from 'node:stream';
import { jobSummaryPages, type JobSummary } from './job-summary.js';
import { addPage, newPdf, pdfBytes, type Pdf } from './pdf.js';
import { dateOf } from './provenance.js';
import type { ReportModel } from './report-model.js';
import { targetPages } from './target-page.js';

/** One target on one A4 page, with a second one only for a map of sensitivity beside candidates. The same model gives the same bytes. */
export async function targetReport(model: ReportModel): Promise<Uint8Array> {
  const document = newPdf(`${model.target}: transit search`);
  for (const page of targetPages(model)) addPage(document, page);
  return pdfBytes(document);
}

/**
 * The report of a job: its summary, then the pages of each target, in the order in which the models
 * come. Finished PDFs are not merged: pages are drawn from the stored models, one at a time, and
 * leave through the stream before the next model is asked for, so that memory holds one page, the
 * fonts, and an index of a few hundred bytes a page. The same input gives the same bytes.
 *
 * Models may come from an async generator that reads them from storage.
 */
export function jobReportStream(
  summary: JobSummary,
  models: Iterable<ReportModel> | AsyncIterable<ReportModel>,
): Readable {
  return Readable.from(jobReportChunks(summary, models), { objectMode: false });
}

/** The same as one array of bytes, for reports that fit into memory. */
export async function jobReport(
  summary: JobSummary,
  models: Iterable<ReportModel> | AsyncIterable<ReportModel>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of jobReportChunks(summary, models)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Draws the next page only when the bytes of the one before are taken. */
async function* jobReportChunks(
  summary: JobSummary,
  models: Iterable<ReportModel> | AsyncIterable<ReportModel>,
): AsyncGenerator<Uint8Array> {
  const document = newPdf(`Job ${summary.jobId}: transit search`, dateOf(summary.createdAt));
  for (const page of jobSummaryPages(summary)) addPage(document, page);
  yield* written(document);
  for await (const model of models) {
    for (const page of targetPages(model)) addPage(document, page);
    yield* written(document);
  }
  document.end();
  yield* written(document);
}

/** What the document has to give so far. Taken by hand: its events wait for all other work. */
function* written(document: Pdf): Generator<Uint8Array> {
  for (let chunk = read(document); chunk !== null; chunk = read(document)) yield chunk;
}

const read = (document: Pdf): Uint8Array | null => document.read() as Uint8Array | null;
