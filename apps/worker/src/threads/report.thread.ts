/** Entry file of a worker thread: draws the PDF of a whole job from the stored models of its pages. */
import { jobReport, type JobSummary, type ReportModel } from '#figures';
import { threadFunction } from './thread-call.js';
import { isMissing, type ThreadStore } from './thread-store.js';

export interface ReportInput {
  readonly summary: JobSummary;
  readonly modelKeys: readonly string[];
  /** Where the PDF goes. */
  readonly key: string;
}

export default threadFunction<ReportInput, null>(async ({ summary, modelKeys, key }, { store }) => {
  const pdf = await jobReport(summary, readModels(store, modelKeys));
  await store.put(key, pdf, 'application/pdf');
  return null;
});

/** One at a time, as the pages are drawn; a model that is gone leaves out its page. */
async function* readModels(
  store: ThreadStore,
  keys: readonly string[],
): AsyncGenerator<ReportModel> {
  for (const key of keys) {
    try {
      const { stream } = await store.get(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      yield JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReportModel;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
