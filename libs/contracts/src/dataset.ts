import { z } from 'zod';
import { datasetKind } from './upload.js';
import { type Domain, instant, page, pageQuery, request } from './wire.js';

export const datasetStatus = z.enum([
  'pending_upload',
  'validating',
  'valid',
  'invalid',
  'expired',
]);
export type DatasetStatus = z.output<typeof datasetStatus>;

export const fileStatus = z.enum(['pending_upload', 'uploaded', 'validating', 'valid', 'invalid']);
export type FileStatus = z.output<typeof fileStatus>;

export const validationIssue = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  row: z.number().int().optional(),
  column: z.string().optional(),
});
export type ValidationIssue = Domain<z.output<typeof validationIssue>>;

/** What validation learnt about a file; null where the file does not say. */
export const fileSummary = z.object({
  format: z.string(),
  gzip: z.boolean(),
  mission: z.string(),
  target: z.string().nullable(),
  label: z.string(),
  points: z.number().int(),
  usable_points: z.number().int(),
  time_system: z.string(),
  time_start_bjd: z.number().nullable(),
  time_end_bjd: z.number().nullable(),
  cadence_minutes: z.number().nullable(),
  flux_column: z.string(),
  non_finite_share: z.number(),
  gaps: z.object({ count: z.number().int(), longest_days: z.number() }),
  columns: z.array(z.string()).optional().describe("Of a table: its header's names"),
});
export type FileSummary = Domain<z.output<typeof fileSummary>>;

export const datasetFile = z.object({
  file_id: z.uuid(),
  filename: z.string(),
  size_bytes: z.number().int(),
  sha256: z.string().nullable(),
  target: z.string().nullable(),
  status: fileStatus,
  summary: fileSummary.nullable(),
  issues: z.array(validationIssue),
});
export type DatasetFile = Domain<z.output<typeof datasetFile>>;

export const dataset = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: datasetKind,
  status: datasetStatus,
  files: z.number().int().describe('How many files it has'),
  size_bytes: z.number().int(),
  created_at: instant(),
  expires_at: instant().nullable().describe('When an unfinished upload is cleaned up'),
  validation_job_id: z.uuid().nullable(),
});
export type Dataset = Domain<z.output<typeof dataset>>;
export const datasets = page(dataset);

export const datasetDetail = dataset.extend({ items: z.array(datasetFile) });
export type DatasetDetail = Domain<z.output<typeof datasetDetail>>;

export const listDatasets = request(
  z.strictObject({
    ...pageQuery,
    status: datasetStatus.optional(),
    kind: datasetKind.optional(),
  }),
);
export type ListDatasets = z.output<typeof listDatasets>;

/** Of the events of a validation: those that said something, the latest last. */
export const validationLog = z.object({
  at: instant(),
  level: z.enum(['info', 'error']),
  message: z.string(),
});
export type ValidationLog = Domain<z.output<typeof validationLog>>;

export const validationStatus = z.object({
  dataset_id: z.uuid(),
  status: datasetStatus,
  progress: z.number().min(0).max(100),
  logs: z.array(validationLog).describe('The latest 1000 at most'),
  files: z.array(datasetFile),
});
export type ValidationStatus = Domain<z.output<typeof validationStatus>>;

export const storageUsage = z.object({
  used_bytes: z.number().int(),
  quota_bytes: z.number().int(),
});
export type StorageUsage = Domain<z.output<typeof storageUsage>>;
