import { uploadCompleted, uploadStarted, type UploadTarget } from '#contracts';
import { call } from '../../api/client';

/** Larger files go up without a SHA-256: the browser hashes only what it holds in memory. */
const HASH_UP_TO_BYTES = 64 * 1024 ** 2;
const PARALLEL_FILES = 3;
const PARALLEL_PARTS = 3;

interface UploadedPart {
  readonly part_number: number;
  readonly etag: string;
}

/**
 * Announces the files, sends their bytes straight to the object store, and reports them complete.
 * `onProgress` hears how many bytes have gone up in all.
 */
export async function uploadDataset(
  name: string,
  files: readonly File[],
  onProgress: (sentBytes: number) => void,
): Promise<string> {
  const announced = await Promise.all(
    files.map(async (file) => ({
      filename: file.name,
      size_bytes: file.size,
      ...(file.size <= HASH_UP_TO_BYTES ? await sha256Of(file) : {}),
    })),
  );
  const started = await call(uploadStarted, 'POST', '/api/v1/upload/start', {
    name,
    kind: 'light_curve',
    files: announced,
  });

  const sent = new Map<string, number>();
  const report = (key: string, bytes: number) => {
    sent.set(key, bytes);
    onProgress([...sent.values()].reduce((sum, each) => sum + each, 0));
  };
  const multipart: { file_id: string; parts: UploadedPart[] }[] = [];
  await inParallel(started.uploads, PARALLEL_FILES, async (target, index) => {
    const parts = await sendFile(target, files[index], report);
    if (parts) multipart.push({ file_id: target.fileId, parts });
  });

  const { datasetId } = started;
  await call(uploadCompleted, 'POST', '/api/v1/upload/complete', {
    dataset_id: datasetId,
    files: multipart,
  });
  return datasetId;
}

async function sendFile(
  target: UploadTarget,
  file: File,
  report: (key: string, bytes: number) => void,
): Promise<UploadedPart[] | null> {
  if (target.method === 'PUT') {
    await put(target.url, target.headers, file, (bytes) => report(target.fileId, bytes));
    return null;
  }
  const { partSizeBytes } = target;
  const parts: UploadedPart[] = [];
  await inParallel(target.parts, PARALLEL_PARTS, async ({ partNumber, url }) => {
    const begin = (partNumber - 1) * partSizeBytes;
    const slice = file.slice(begin, begin + partSizeBytes);
    const key = `${target.fileId}/${partNumber}`;
    const etag = await put(url, {}, slice, (bytes) => report(key, bytes));
    if (!etag) throw new Error('The object store does not show ETag to browsers; check its CORS.');
    parts.push({ part_number: partNumber, etag });
  });
  return parts.sort((a, b) => a.part_number - b.part_number);
}

/** A PUT that tells how far it is, which `fetch` cannot. Answers the ETag. */
function put(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Blob,
  onProgress: (bytes: number) => void,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      // The browser sets the length itself and lets nobody else.
      if (!/^(content-length|host)$/i.test(name)) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = () => reject(new Error('The object store cannot be reached.'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.getResponseHeader('etag'));
      else reject(new Error(`The object store refused the upload (${request.status}).`));
    };
    request.send(body);
  });
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}

/** Empty where the page is not served securely: browsers hash on https and localhost only. */
async function sha256Of(file: File): Promise<{ sha256?: string }> {
  if (!crypto.subtle) return {};
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  return { sha256: hex.join('') };
}
