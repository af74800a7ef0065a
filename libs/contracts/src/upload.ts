import { z } from 'zod';
import { type Domain, instant, request } from './wire.js';

export const datasetKind = z.enum(['light_curve', 'table']);
export type DatasetKind = z.output<typeof datasetKind>;

const filename = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\]+$/, 'A file name has no slash or backslash')
  // Not in the pattern: the OpenAPI document carries it, and many readers know no Unicode classes.
  .refine((name) => !/\p{Cc}/u.test(name), 'A file name has no control character')
  .refine((name) => name !== '.' && name !== '..', 'Not a file name');

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
  .describe('SHA-256 of the bytes; checked when the file is validated');

export const startUpload = request(
  z.strictObject({
    name: z.string().trim().min(1).max(200),
    kind: datasetKind,
    files: z
      .array(
        z.strictObject({
          filename,
          size_bytes: z.number().int().positive().max(5e12),
          sha256: sha256.optional(),
          content_type: z
            .string()
            .max(200)
            .regex(/^[\w.+-]+\/[\w.+-]+( *; *[\x20-\x7e]+)?$/, 'Is not a media type')
            .default('application/octet-stream'),
          target: z.string().trim().min(1).max(100).optional(),
        }),
      )
      .min(1)
      .max(10_000),
  }),
);
export type StartUpload = z.output<typeof startUpload>;

export const uploadTarget = z.union([
  z.object({
    file_id: z.uuid(),
    filename: z.string(),
    method: z.literal('PUT'),
    url: z.string(),
    headers: z.record(z.string(), z.string()).describe('Send exactly these with the PUT'),
  }),
  z.object({
    file_id: z.uuid(),
    filename: z.string(),
    method: z.literal('MULTIPART'),
    part_size_bytes: z.number().int(),
    parts: z.array(z.object({ part_number: z.number().int(), url: z.string() })),
  }),
]);
export type UploadTarget = Domain<z.output<typeof uploadTarget>>;

export const uploadStarted = z.object({
  dataset_id: z.uuid(),
  expires_at: instant(),
  uploads: z.array(uploadTarget),
});
export type UploadStarted = Domain<z.output<typeof uploadStarted>>;

export const completeUpload = request(
  z.strictObject({
    dataset_id: z.uuid(),
    files: z
      .array(
        z.strictObject({
          file_id: z.uuid(),
          parts: z
            .array(
              z.strictObject({
                part_number: z.number().int().min(1).max(10_000),
                etag: z.string().min(1).max(200),
              }),
            )
            .min(1)
            .max(10_000),
        }),
      )
      .max(10_000)
      .default([])
      .describe('The parts of multipart uploads; single PUTs need no entry'),
  }),
);
export type CompleteUpload = z.output<typeof completeUpload>;

export const uploadCompleted = z.object({
  dataset_id: z.uuid(),
  status: z.literal('validating'),
  job_id: z.uuid(),
});
export type UploadCompleted = Domain<z.output<typeof uploadCompleted>>;

export const uploadSession = z.object({
  dataset_id: z.uuid(),
  status: z.string(),
  expires_at: instant().nullable().describe('Null once the upload is complete'),
  arrived: z.array(
    z.object({ file_id: z.uuid(), filename: z.string(), size_bytes: z.number().int() }),
  ),
  uploads: z
    .array(uploadTarget)
    .describe('Fresh URLs for what has not arrived; of a multipart upload, the missing parts'),
});
export type UploadSession = Domain<z.output<typeof uploadSession>>;

/** `:dataset_id` of a path. */
export const datasetId = request(z.strictObject({ dataset_id: z.uuid() }));
export type DatasetId = z.output<typeof datasetId>;
