/** The wire contract as a client sees it: HTTP and JSON, nothing of the platform imported. */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LiveMessage, openEvents } from '../support/live.js';

const POLL_MS = 250;

/** JSON whose shape the tests themselves check. */
export type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Parsed where it is JSON, else null. */
  readonly body: Json;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface UploadFile {
  readonly filename: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly target?: string;
  /** @default that of the bytes */
  readonly sha256?: string;
}

export interface UploadPart {
  readonly file_id: string;
  readonly parts: readonly { readonly part_number: number; readonly etag: string | null }[];
}

/** One request, by anybody. */
export async function ask(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: AskOptions = {},
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    body: isJson ? JSON.parse(bytes.toString()) : null,
  };
}

const PASSWORD = 'a long password of the tests';

/** Registers a team and logs its owner in. */
export async function foundTeam(url: string, name = 'Observers'): Promise<Team> {
  const email = `${randomUUID()}@example.org`;
  const account = { email, password: PASSWORD };
  const registered = await ask(url, 'POST', '/api/v1/auth/register', {
    body: { team_name: name, ...account },
  });
  expectStatus(registered, 201, 'POST /api/v1/auth/register');
  const login = await ask(url, 'POST', '/api/v1/auth/login', { body: account });
  expectStatus(login, 200, 'POST /api/v1/auth/login');
  return new Team(url, email, login.body);
}

export class Team {
  readonly password = PASSWORD;

  constructor(
    readonly url: string,
    readonly email: string,
    readonly tokens: {
      readonly access_token: string;
      readonly refresh_token: string;
      readonly token_type: string;
      readonly expires_in: number;
    },
  ) {}

  get token(): string {
    return this.tokens.access_token;
  }

  /** Any answer, whatever its status. */
  ask(method: string, path: string, { body, headers }: AskOptions = {}): Promise<Answer> {
    const authorization = `Bearer ${this.token}`;
    return ask(this.url, method, path, { body, headers: { authorization, ...headers } });
  }

  /** @throws where the answer is no success, with the sentence of its problem. */
  async get(path: string): Promise<Json> {
    const answer = await this.ask('GET', path);
    expectStatus(answer, 200, `GET ${path}`);
    return answer.body;
  }

  /** @throws where the answer is no success, with the sentence of its problem. */
  async post(path: string, body: unknown, status: number): Promise<Json> {
    const answer = await this.ask('POST', path, { body });
    expectStatus(answer, status, `POST ${path}`);
    return answer.body;
  }

  startUpload(name: string, files: readonly UploadFile[]): Promise<Json> {
    const announced = files.map(({ filename, bytes, target, sha256 = sha256Of(bytes) }) => ({
      filename,
      size_bytes: bytes.length,
      sha256,
      target,
    }));
    return this.post('/api/v1/upload/start', { name, kind: 'light_curve', files: announced }, 201);
  }

  completeUpload(datasetId: string, parts: readonly UploadPart[] = []): Promise<Json> {
    return this.post('/api/v1/upload/complete', { dataset_id: datasetId, files: parts }, 202);
  }

  /** Announces files, sends them to the object store and says so. */
  async upload(name: string, files: readonly UploadFile[]): Promise<Json> {
    const { dataset_id: datasetId, uploads } = await this.startUpload(name, files);
    const parts: UploadPart[] = [];
    for (const [index, target] of uploads.entries()) {
      const sent = await send(target, files[index].bytes);
      if (sent) parts.push(sent);
    }
    return this.completeUpload(datasetId, parts);
  }

  /** Waits until every file is judged. */
  async validated(datasetId: string, seconds = 120): Promise<Json> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const report = await this.get(`/api/v1/validation/${datasetId}/status`);
      if (report.status === 'valid' || report.status === 'invalid') return report;
      if (Date.now() > deadline) {
        const logs = report.logs.map((log: Json) => `${log.level} ${log.message}`).join('; ');
        throw new Error(
          `Not validated after ${seconds} s: ${report.status}, ${report.progress} %. Log: ${logs || 'empty'}`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  /** Uploads and waits; throws what is wrong with the files where something is. */
  async validDataset(name: string, files: readonly UploadFile[], seconds = 120): Promise<string> {
    const { dataset_id: datasetId } = await this.upload(name, files);
    const report = await this.validated(datasetId, seconds);
    if (report.status === 'valid') return datasetId;
    const wrong = report.files.flatMap((file: Json) =>
      file.issues
        .filter((issue: Json) => issue.severity === 'error')
        .map((issue: Json) => `${file.filename}: ${issue.code}: ${issue.message}`),
    );
    throw new Error(`The dataset is invalid:\n${wrong.join('\n')}`);
  }

  async run(datasetId: string, params: object = {}): Promise<string> {
    const { job_id: jobId } = await this.post(
      '/api/v1/run',
      { dataset_id: datasetId, params },
      202,
    );
    return jobId;
  }

  status(jobId: string): Promise<Json> {
    return this.get(`/api/v1/status/${jobId}`);
  }

  /** Follows a job by Server-Sent Events to its last one; answers the events. */
  async follow(jobId: string, seconds = 240, after = 0): Promise<LiveMessage[]> {
    const seen: LiveMessage[] = [];
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const last = seen.at(-1)?.seq ?? after;
      const stream = await openEvents(this, jobId, {
        token: this.token,
        headers: last > 0 ? { 'last-event-id': String(last) } : {},
      });
      if (stream.status === 204) return seen;
      if (stream.status !== 200) throw new Error(`Events of ${jobId}: ${stream.status}`);
      const late = setTimeout(() => stream.close(), Math.max(deadline - Date.now(), 0));
      await stream.ended.finally(() => clearTimeout(late));
      seen.push(...stream.events.map(({ data }) => data));
      if (Date.now() > deadline) {
        const { status, progress, stage, message } = await this.status(jobId);
        throw new Error(
          `Job not finished after ${seconds} s: ${status}, ${progress} %, ${stage}: ${message}`,
        );
      }
    }
  }

  /** Waits for the end of a job that should complete. */
  async completed(jobId: string, seconds = 240): Promise<Json> {
    await this.follow(jobId, seconds);
    const job = await this.status(jobId);
    if (job.status === 'completed' && job.tasks.failed === 0) return job;
    const { items } = await this.get(`/api/v1/jobs/${jobId}/tasks?limit=200`);
    const reasons = items
      .filter((task: Json) => task.status !== 'completed')
      .map((task: Json) => `${task.target}: ${task.status}, ${task.failure?.message}`);
    throw new Error(`The job is ${job.status}: ${job.message}\n${reasons.join('\n')}`);
  }

  results(jobId: string): Promise<Json> {
    return this.get(`/api/v1/results/${jobId}`);
  }

  plot(candidateId: string, file: string): Promise<Answer> {
    return this.ask('GET', `/api/v1/plots/${candidateId}/${file}`);
  }

  /** Waits for the report: it is drawn after the search. */
  async report(jobId: string, seconds = 60): Promise<Answer> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await this.ask('GET', `/api/v1/report/${jobId}`);
      if (answer.status === 200 || Date.now() > deadline) {
        expectStatus(answer, 200, 'GET /api/v1/report');
        return answer;
      }
      await sleep(POLL_MS);
    }
  }

  compare(jobA: string, jobB: string): Promise<Json> {
    return this.get(`/api/v1/compare?job_a=${jobA}&job_b=${jobB}`);
  }
}

/** Sends bytes where an upload target says, with exactly the headers it says. */
export async function send(
  target: Json,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<UploadPart | null> {
  if (target.method === 'PUT') {
    const answer = await fetch(target.url, { method: 'PUT', headers: target.headers, body: bytes });
    if (!answer.ok) throw new Error(`PUT ${target.filename}: ${answer.status}`);
    return null;
  }
  const { part_size_bytes: size } = target;
  const parts = [];
  for (const { part_number: number, url } of target.parts) {
    const part = bytes.subarray((number - 1) * size, number * size);
    const answer = await fetch(url, { method: 'PUT', body: part });
    if (!answer.ok) throw new Error(`PUT part ${number} of ${target.filename}: ${answer.status}`);
    parts.push({ part_number: number, etag: answer.headers.get('etag') });
  }
  return { file_id: target.file_id, parts };
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

function expectStatus(answer: Answer, status: number, what: string): void {
  if (answer.status === status) return;
  const text = answer.body ? JSON.stringify(answer.body) : answer.bytes.toString().slice(0, 500);
  throw new Error(`${what} was answered with ${answer.status}, not ${status}: ${text}`);
}
