/**
 * Entry file of a worker thread: takes one target from its files to its report. It only moves data:
 * what happens to a curve is in the libraries.
 */
import { performance } from 'node:perf_hooks';
import type { detectionParams, Provenance } from '#contracts';
import type { z } from 'zod';
import {
  candidateFigure,
  figureToPng,
  figureToSvg,
  plotNames,
  reportModel,
  reportProvenance,
  targetReport,
} from '#figures';
import { candidateClassifier, type CandidateModels } from '#inference/candidates';
import {
  CannotStitchError,
  type CandidateRecord,
  candidateRecord,
  detectAsync,
  type Helpers,
  provenanceRecord,
  type ReportProgress,
  type Segment,
  type TargetRecord,
  targetRecord,
  type TargetResult,
} from '#transit';
import { type FitterChoice, fitterOf, readLightCurve, type ReadLimits } from '#transit/io';
import { plotKey, reportKey, reportModelKey } from '../detection/detection-keys.js';
import type { SearchPolicy } from '../detection/detection-policies.js';
import type { InputFile, StoredCandidate } from '../detection/detection-records.js';
import { TaskError } from '../tasks/task-error.js';
import type { ThreadNote } from '../tasks/thread-pool.js';
import { changedFile } from './changed-file.js';
import { threadFunction } from './thread-call.js';
import { threadHelpers } from './thread-helpers.js';
import type { ThreadStore } from './thread-store.js';

export interface DetectionInput {
  readonly files: readonly InputFile[];
  /** Name of the target, as the job knows it. */
  readonly target: string;
  /** In the wire's names, as the provenance shows them. */
  readonly params: z.output<typeof detectionParams>;
  /** The same in ours. */
  readonly search: Parameters<typeof detectAsync>[1];
  /** Where the objects of this attempt go. */
  readonly folder: string;
  readonly codeVersion: string;
  readonly runtime: string;
  readonly fitters: FitterChoice;
  readonly models: CandidateModels;
  /** null: the thresholds. */
  readonly policy: SearchPolicy | null;
  /** After this a map of sensitivity is kept as far as it came, so that the rest gets its time. */
  readonly mapSeconds: number;
  /** Longer rounds of the search are divided among helpers; null: none. */
  readonly splitSeconds: number | null;
  readonly limits: Pick<ReadLimits, 'maxBytes' | 'maxDecompressedBytes' | 'maxRows'>;
}

export interface DetectionOutput {
  readonly summary: TargetRecord & { readonly provenance: Provenance };
  readonly candidates: readonly StoredCandidate[];
  readonly reportKey: string;
  readonly reportModelKey: string;
}

type Note = (note: ThreadNote) => void;

/** Shares of the whole: the search is nearly all of it, drawing is most of the rest. */
const LOADED = 5;
const SEARCHED = 75;

export default threadFunction<DetectionInput, DetectionOutput>(async (input, tools) => {
  const { store, note, receive } = tools;
  const { splitSeconds } = input;
  const helpers = splitSeconds === null ? undefined : threadHelpers(splitSeconds, note, receive);
  const stages = new Stages(note);
  stages.enter('load');
  const segments = await load(store, input, note);
  const result = await search(input, segments, helpers, stages, note);
  stages.enter('explain');
  const output = await explain(store, input, result, note);
  stages.leave();
  return output;
});

/** Nothing is believed of an object but its checksum, which validation has recorded. */
async function load(store: ThreadStore, input: DetectionInput, note: Note): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const [i, file] of input.files.entries()) {
    note({
      type: 'progress',
      stage: 'load',
      progress: (LOADED * i) / input.files.length,
      message: `Reading ${file.filename}`,
    });
    const { stream } = await store.get(file.objectKey);
    const source = { filename: file.filename, sizeBytes: file.sizeBytes, stream };
    const { sha256, segment } = await readLightCurve(source, { limits: input.limits });
    if (sha256 !== file.sha256 || !segment) throw changedFile(file.filename);
    segments.push({ ...segment, target: input.target });
  }
  return segments;
}

async function search(
  input: DetectionInput,
  segments: readonly Segment[],
  helpers: Helpers | undefined,
  stages: Stages,
  note: Note,
): Promise<TargetResult> {
  const report: ReportProgress = (stage, fraction, message) => {
    stages.enter(stage);
    const progress = LOADED + (SEARCHED - LOADED) * fraction;
    note({ type: 'progress', stage, progress, message });
  };
  const started = performance.now();
  try {
    return await detectAsync(segments, input.search, report, {
      fitter: fitterOf(input.fitters),
      classifier: candidateClassifier(input.models),
      policy: input.policy?.policy,
      isInterrupted: () => performance.now() - started > 1000 * input.mapSeconds,
      helpers,
    });
  } catch (error) {
    // Curves and parameters that the pipeline refuses: their owner can choose others.
    if (!(error instanceof RangeError || error instanceof CannotStitchError)) throw error;
    throw new TaskError('usage', 'not_searchable', error.message, { cause: error });
  }
}

/** Plots, report and rows. Objects are named before they are stored: see `ThreadNote`. */
async function explain(
  store: ThreadStore,
  input: DetectionInput,
  result: TargetResult,
  note: Note,
): Promise<DetectionOutput> {
  const { folder } = input;
  const put = async (key: string, bytes: Uint8Array, contentType: string) => {
    note({ type: 'object', key });
    await store.put(key, bytes, contentType);
  };
  const provenance = provenanceRecord(result, {
    codeVersion: input.codeVersion,
    runtime: input.runtime,
    inputs: input.files.map(({ filename, sha256 }) => ({ filename, sha256 })),
    params: input.params,
    seed: input.params.seed,
    policy: input.policy && { name: input.policy.policy.name, sha256: input.policy.sha256 },
  });
  const candidates: StoredCandidate[] = [];
  const drawing = (done: number, what: string) =>
    note({
      type: 'progress',
      stage: 'explain',
      progress: SEARCHED + ((100 - SEARCHED) * done) / (result.candidates.length + 1),
      message: `Drawing ${what}`,
    });
  for (const [i, candidate] of result.candidates.entries()) {
    const plots: Record<string, string> = {};
    const puts: Promise<void>[] = [];
    try {
      for (const [k, name] of plotNames.entries()) {
        drawing(i + k / plotNames.length, `candidate ${i + 1} of ${result.candidates.length}`);
        const figure = candidateFigure(result, candidate, name);
        plots[name] = plotKey(folder, candidate.rank, name);
        puts.push(
          put(`${plots[name]}.svg`, Buffer.from(figureToSvg(figure)), 'image/svg+xml'),
          put(`${plots[name]}.png`, figureToPng(figure), 'image/png'),
        );
      }
    } finally {
      await Promise.allSettled(puts); // no object is stored behind a task that has failed
    }
    await Promise.all(puts);
    const record = storable(candidateRecord(result, candidate));
    const { embedding } = candidate.classification;
    candidates.push({ record, embedding, provenance, plots });
  }
  const report = () => drawing(result.candidates.length, 'the report');
  report();
  const model = reportModel(result, reportProvenance(provenance), report);
  const keys = { report: reportKey(folder), model: reportModelKey(folder) };
  await put(keys.report, await targetReport(model), 'application/pdf');
  await put(keys.model, Buffer.from(JSON.stringify(model)), 'application/json');
  return {
    summary: { ...targetRecord(result), target: input.target, provenance },
    candidates,
    reportKey: keys.report,
    reportModelKey: keys.model,
  };
}

/** Numbers without which a candidate is none; a NaN among them is a fault of ours. */
function storable(record: CandidateRecord): CandidateRecord {
  for (const name of ['t0Bjd', 'depthPpm', 'durationHours', 'snr', 'sde', 'probability'] as const) {
    if (!Number.isFinite(record[name])) {
      throw new TaskError('fatal', 'not_finite', `Candidate ${record.rank} has no ${name}.`);
    }
  }
  return record;
}

/** How long each stage takes; one that comes again is told again. */
class Stages {
  private stage: string | undefined;
  private sinceMs = 0;

  constructor(private readonly note: Note) {}

  enter(stage: string): void {
    if (stage === this.stage) return;
    this.leave();
    this.stage = stage;
    this.sinceMs = performance.now();
  }

  leave(): void {
    if (!this.stage) return;
    const seconds = (performance.now() - this.sinceMs) / 1000;
    this.note({ type: 'stage', stage: this.stage, seconds });
    this.stage = undefined;
  }
}
