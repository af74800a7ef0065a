/** Entry file of a worker thread: draws the PDF of a whole job from the stored models of its pages. */
import { jobReport, type JobSummary, type ReportModel } from '#figures';
import { ObjectNotFoundError, type ObjectStore, type ObjectStoreOptions } from '#platform/storage';
import { threadFunction } from './thread-call.js';
import { threadStore } from './thread-store.js';

export interface ReportInput {
  readonly store: ObjectStoreOptions;
  readonly summary: JobSummary;
  readonly modelKeys: readonly string[];
  /** Where the PDF goes. */
  readonly key: string;
}

export default threadFunction<ReportInput, null>(async ({ store: options, summary, ...input }) => {
  const store = threadStore(options);
  const pdf = await jobReport(summary, readModels(store, input.modelKeys));
  await store.put(input.key, pdf, 'application/pdf');
  return null;
});

/** One at a time, as the pages are drawn; a model that is gone leaves out its page. */
async function* readModels(
  store: ObjectStore,
  keys: readonly string[],
): AsyncGenerator<ReportModel> {
  for (const key of keys) {
    try {
      const { stream } = await store.get(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      yield JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReportModel;
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError)) throw error;
    }
  }
}
