import { Injectable } from '@nestjs/common';
import type { ClientBase, Pool } from 'pg';
import { Database } from '../database/database.js';
import { storableJson } from '../database/storable.js';
import { uuid7 } from '../jobs/uuid7.js';

/** A prediction, as it is kept. */
export interface PredictionRow {
  readonly teamId: string;
  readonly requestId: string | null;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  readonly inputSchema: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly drift: unknown;
  readonly variant: string;
  /** What a challenger said beside it, where that is known already. */
  readonly shadow?: object | null;
}

interface Waiting {
  readonly rows: readonly PredictionRow[];
  readonly done: PromiseWithResolvers<string[]>;
}

@Injectable()
export class PredictionsStore {
  private waiting: Waiting[] = [];
  private isWriting = false;

  /** @param mostRows in one statement; a request of more is written alone */
  constructor(
    private readonly database: Database,
    private readonly mostRows: number,
  ) {}

  /**
   * Keeps predictions; answers their ids once they are committed. What comes while others are
   * written goes together in the next statement: a commit costs more than its rows.
   */
  add(rows: readonly PredictionRow[]): Promise<string[]> {
    const done = Promise.withResolvers<string[]>();
    this.waiting.push({ rows, done });
    void this.write();
    return done.promise;
  }

  /** What a challenger said beside the champion; of a prediction that was deleted meanwhile, nothing. */
  async addShadow(id: string, shadow: object): Promise<void> {
    await this.database.pool.query('UPDATE predictions SET shadow = $2 WHERE id = $1', [
      id,
      storableJson(shadow),
    ]);
  }

  private async write(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const taken = this.take();
      try {
        const all = await this.insert(
          this.database.pool,
          taken.flatMap(({ rows }) => rows),
        );
        for (const { rows, done } of taken) done.resolve(all.splice(0, rows.length));
      } catch (error) {
        taken.forEach(({ done }) => done.reject(error));
      }
    }
    this.isWriting = false;
  }

  private take(): Waiting[] {
    let rows = 0;
    const count = this.waiting.findIndex((each, i) => {
      rows += each.rows.length;
      return i > 0 && rows > this.mostRows;
    });
    return this.waiting.splice(0, count < 0 ? this.waiting.length : count);
  }

  /** In the caller's transaction, where it has one; answers the ids. */
  async insert(
    client: Pick<ClientBase | Pool, 'query'>,
    rows: readonly PredictionRow[],
  ): Promise<string[]> {
    const ids = rows.map(() => uuid7());
    const column = (of: (row: PredictionRow) => unknown) => rows.map(of);
    const json = (of: (row: PredictionRow) => unknown) =>
      rows.map((row) => storableJson(of(row) as object));
    await client.query({
      // With a name PostgreSQL understands and plans it once for each connection.
      name: 'insert predictions',
      text: `INSERT INTO predictions (id, team_id, request_id, model_name, model_version, model_sha256,
                                input_schema, input, output, drift, variant, shadow)
       SELECT id, team_id, request_id, model_name, model_version, model_sha256,
              input_schema, input::jsonb, output::jsonb, drift::jsonb, variant,
              shadow::jsonb
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
                   $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
         AS t (id, team_id, request_id, model_name, model_version, model_sha256,
               input_schema, input, output, drift, variant, shadow)`,
      values: [
        ids,
        column(({ teamId }) => teamId),
        column(({ requestId }) => requestId),
        column(({ modelName }) => modelName),
        column(({ modelVersion }) => modelVersion),
        column(({ modelSha256 }) => modelSha256),
        column(({ inputSchema }) => inputSchema),
        json(({ input }) => input),
        json(({ output }) => output),
        json(({ drift }) => drift),
        column(({ variant }) => variant),
        column(({ shadow }) => (shadow ? storableJson(shadow) : null)),
      ],
    });
    return ids;
  }
}
