/** The main way through the API, as any client goes it: over HTTP, with nothing of ours imported. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TextDecoderStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 400;
const REPORT_PATIENCE_MS = 180_000;

export class ApiError extends Error {}

/** Registers a team and answers a client that acts for it. */
export async function registerTeam(url) {
  const call = caller(url, () => ({}));
  const account = {
    email: `demo-${randomBytes(6).toString('hex')}@example.org`,
    password: randomBytes(18).toString('base64url'),
  };
  await call('POST', '/api/v1/auth/register', { team_name: 'Demo', ...account });
  const { access_token: token } = await call('POST', '/api/v1/auth/login', account);
  // An access token ends after some minutes; a key lasts as long as a long search does.
  const bearer = caller(url, () => ({ authorization: `Bearer ${token}` }));
  const { key } = await bearer('POST', '/api/v1/auth/api-keys', { name: 'demo' });
  return new Client(url, { 'x-api-key': key });
}

class Client {
  constructor(url, headers) {
    this.url = url;
    this.headers = headers;
    this.call = caller(url, () => headers);
  }

  /** Uploads files straight to the object store; answers the id of the dataset. */
  async upload(name, paths, onFile) {
    const described = await Promise.all(paths.map(describeFile));
    const started = await this.call('POST', '/api/v1/upload/start', {
      name,
      kind: 'light_curve',
      files: described,
    });
    const parts = [];
    for (const [index, target] of started.uploads.entries()) {
      const bytes = await openAsBlob(paths[index]);
      if (target.method === 'PUT') {
        await put(target.url, bytes, target.headers);
      } else {
        parts.push({ file_id: target.file_id, parts: await putParts(target, bytes) });
      }
      onFile(target.filename, bytes.size);
    }
    const { dataset_id: datasetId } = started;
    await this.call('POST', '/api/v1/upload/complete', { dataset_id: datasetId, files: parts });
    return datasetId;
  }

  /** Waits until the files were read; answers the verdict with its issues. */
  async untilValidated(datasetId, signal) {
    for (;;) {
      const status = await this.call('GET', `/api/v1/validation/${datasetId}/status`);
      if (status.status === 'valid' || status.status === 'invalid') return status;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  run(datasetId) {
    return this.call('POST', '/api/v1/run', { dataset_id: datasetId });
  }

  /** Waits for the end of a job and tells what it is doing, live. */
  async untilFinished(jobId, onProgress, signal) {
    const watching = new AbortController();
    const events = this.watch(jobId, onProgress, watching.signal).catch(() => {});
    try {
      for (;;) {
        const job = await this.call('GET', `/api/v1/status/${jobId}`);
        onProgress(job);
        if (['completed', 'failed', 'cancelled'].includes(job.status)) return job;
        await sleep(POLL_MS, undefined, { signal });
      }
    } finally {
      watching.abort();
      await events;
    }
  }

  /** Server-Sent Events. Where the stream breaks, polling goes on. */
  async watch(jobId, onProgress, signal) {
    const response = await fetch(`${this.url}/api/v1/jobs/${jobId}/events`, {
      headers: { ...this.headers, accept: 'text/event-stream' },
      signal,
    });
    if (!response.ok) return;
    let pending = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (pending + chunk).split(/\r?\n\r?\n/);
      pending = blocks.pop();
      for (const block of blocks) {
        const data = block
          .split(/\r?\n/)
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trimStart())
          .join('\n');
        const event = data ? JSON.parse(data) : {};
        if (event.type === 'progress') onProgress(event);
      }
    }
  }

  async results(jobId) {
    const all = await this.call('GET', `/api/v1/results/${jobId}`);
    for (let cursor = all.next_cursor; cursor;) {
      const page = await this.call('GET', `/api/v1/results/${jobId}?cursor=${cursor}`);
      all.candidates.push(...page.candidates);
      cursor = page.next_cursor;
    }
    return all;
  }

  /** The report as PDF bytes; it may still be in the making. */
  async report(jobId, signal) {
    const deadline = Date.now() + REPORT_PATIENCE_MS;
    for (;;) {
      const response = await fetch(`${this.url}/api/v1/report/${jobId}`, { headers: this.headers });
      const isPdf = response.headers.get('content-type')?.includes('application/pdf');
      if (response.ok && isPdf) return Buffer.from(await response.arrayBuffer());
      const isComing =
        response.status === 202 || response.status === 503 || response.status === 409;
      if (!isComing || Date.now() > deadline) throw await problemOf(response, 'the report');
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  async plot(candidateId, name) {
    const response = await fetch(`${this.url}/api/v1/plots/${candidateId}/${name}.png`, {
      headers: this.headers,
    });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
  }
}

const caller = (url, headers) => async (method, path, body) => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers(), ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw await problemOf(response, `${method} ${path.split('?')[0]}`);
  return response.status === 204 ? null : response.json();
};

async function problemOf(response, what) {
  const text = await response.text();
  let detail = text.slice(0, 300);
  try {
    const problem = JSON.parse(text);
    const fields = problem.errors?.map((error) => `${error.pointer} ${error.detail}`) ?? [];
    detail = [problem.detail ?? problem.title, ...fields].join('; ');
  } catch {
    // not a problem document
  }
  return new ApiError(`${what} was answered with ${response.status}: ${detail}`);
}

async function describeFile(path) {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { filename: basename(path), size_bytes: size, sha256: hash.digest('hex') };
}

async function put(url, body, headers = {}) {
  const response = await fetch(url, { method: 'PUT', headers, body });
  if (!response.ok) {
    throw new ApiError(
      `The object store refused an upload (${response.status}): ${await response.text()}`,
    );
  }
  return response.headers.get('etag');
}

async function putParts({ part_size_bytes: size, parts }, bytes) {
  const done = [];
  for (const { part_number: number, url } of parts) {
    const part = bytes.slice((number - 1) * size, number * size);
    done.push({ part_number: number, etag: await put(url, part) });
  }
  return done;
}
