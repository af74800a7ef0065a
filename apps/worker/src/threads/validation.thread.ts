/** Entry file of a worker thread: reads one uploaded file to its end and judges it. */
import { readLightCurve, type ReadLimits } from '#transit/io';
import { readTable } from '../validation/read-table.js';
import type { UploadCode } from '../validation/upload-codes.js';
import type { FileToValidate, FileVerdict } from '../validation/validation.repository.js';
import { withProgress } from './byte-progress.js';
import { threadFunction, type ThreadTools } from './thread-call.js';

export interface ValidationInput {
  readonly file: FileToValidate;
  readonly limits: Pick<ReadLimits, 'maxBytes' | 'maxDecompressedBytes' | 'maxRows'>;
}

export default threadFunction<ValidationInput, FileVerdict>(validate);

async function validate(
  { file, limits }: ValidationInput,
  { store, note }: ThreadTools,
): Promise<FileVerdict> {
  note({ type: 'progress', stage: 'load', progress: 0, message: `Reading ${file.filename}` });
  const object = await store.get(file.objectKey);
  const source = {
    filename: file.filename,
    sizeBytes: file.sizeBytes,
    stream: withProgress(object.stream, file.sizeBytes, (share) =>
      note({
        type: 'progress',
        stage: 'load',
        progress: 100 * share,
        message: `Reading ${file.filename}`,
      }),
    ),
  };
  const read = file.kind === 'table' ? readTable : readLightCurve;
  const { sha256, summary, issues } = await read(source, { limits });
  const all = [...issues, ...checkChecksum(file.announcedSha256, sha256)];
  const isValid = !all.some((issue) => issue.severity === 'error');
  return {
    status: isValid ? 'valid' : 'invalid',
    sha256,
    target: summary?.target ?? nameWithoutExtension(file.filename),
    summary,
    issues: all,
  };
}

interface Issue {
  readonly severity: 'error' | 'warning';
  readonly code: UploadCode;
  readonly message: string;
}

function checkChecksum(announced: string | null, found: string | null): Issue[] {
  if (announced === null || found === null || announced === found) return [];
  const message = `SHA-256 ${announced} was announced, the bytes that arrived have ${found}.`;
  return [{ severity: 'error', code: 'checksum_mismatch', message }];
}

const nameWithoutExtension = (filename: string) =>
  filename.replace(/\.gz$/i, '').replace(/(?<=.)\.[^.]*$/, '');
