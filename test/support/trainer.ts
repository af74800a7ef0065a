/** A team that trains models over the api: uploads tables, starts trainings, waits for their end. */
import { expect } from 'vitest';
import type { Answer, Client } from './api.js';

export class Trainer {
  constructor(readonly team: Client) {}

  /** As a client does it: a signed URL, the bytes, and the word that they are there. */
  async upload(bytes: Uint8Array): Promise<string> {
    const started = await this.team.post('/api/v1/upload/start', {
      name: 'Objects of interest',
      kind: 'table',
      files: [{ filename: 'koi.csv', size_bytes: bytes.length }],
    });
    const { dataset_id, uploads } = started.body;
    const [{ url, headers }] = uploads;
    await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
    const { body } = await this.team.post('/api/v1/upload/complete', { dataset_id });
    expect((await this.ended(body.job_id)).status).toBe('completed');
    return dataset_id;
  }

  /** `fields` besides those of a small forest that tells dispositions. */
  ask(datasetId: string, fields: object = {}, headers = {}): Promise<Answer> {
    const wish = {
      dataset_id: datasetId,
      target_column: 'disposition',
      task_type: 'classification',
      model_config: { selected_model: 'random_forest', n_estimators: 20 },
      ...fields,
    };
    return this.team.post('/api/v1/train', wish, { headers });
  }

  /** Answers the id of the job. */
  async start(datasetId: string, fields: object = {}): Promise<string> {
    const { status, body } = await this.ask(datasetId, fields);
    expect([status, body.status], JSON.stringify(body)).toEqual([202, 'queued']);
    return body.job_id;
  }

  /** The job once it has ended, as `GET /jobs/{id}` shows it. */
  async ended(jobId: string): Promise<Answer['body']> {
    for (;;) {
      const { body } = await this.team.get(`/api/v1/status/${jobId}?wait_seconds=30`);
      if (body.finished_at) return (await this.team.get(`/api/v1/jobs/${jobId}`)).body;
    }
  }

  /** What a training came to. */
  async trained(datasetId: string, fields: object = {}): Promise<Answer['body']> {
    const job = await this.ended(await this.start(datasetId, fields));
    expect([job.status, job.message]).toEqual(['completed', '1 of 1 tasks completed']);
    return job.results;
  }

  predict(model: string, inputs: object): Promise<Answer> {
    return this.team.post('/api/v1/predict', { model, inputs });
  }
}
