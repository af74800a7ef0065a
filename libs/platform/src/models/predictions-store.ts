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
  readonly drift: readonly unknown[];
  readonly variant: string;
  /** What a challenger said beside it, where that is known already. */
  readonly shadow?: object | null;
}

/** What the rows of a request have in common, in the order of the statement. */
const FACTS = [
  'teamId',
  'requestId',
  'modelName',
  'modelVersion',
  'modelSha256',
  'inputSchema',
  'variant',
] as const;

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
    const common = new Map<string, { readonly number: number; readonly row: PredictionRow }>();
    const numbers = rows.map((row) => {
      const key = FACTS.map((name) => row[name] ?? '').join('\0');
      const known = common.get(key);
      if (known) return known.number;
      common.set(key, { number: common.size + 1, row });
      return common.size;
    });
    const column = (of: (row: PredictionRow) => unknown) =>
      rows.map((row) => {
        const value = of(row);
        return value ? storableJson(value) : null;
      });
    await client.query({
      // With a name PostgreSQL understands and plans it once for each connection.
      name: 'insert predictions',
      // What the rows of a request have in common goes over once.
      text: `INSERT INTO predictions (id, team_id, request_id, model_name, model_version, model_sha256,
                                input_schema, variant, input, output, drift, shadow)
       SELECT r.id, f.team_id, f.request_id, f.model_name, f.model_version, f.model_sha256,
              f.input_schema, f.variant, r.input, r.output, coalesce(r.drift, '[]'), r.shadow
       FROM unnest($1::uuid[], $2::int[], $3::json[], $4::json[], $5::jsonb[], $6::jsonb[])
              AS r (id, facts, input, output, drift, shadow)
       JOIN unnest($7::uuid[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                   $13::text[]) WITH ORDINALITY
              AS f (team_id, request_id, model_name, model_version, model_sha256, input_schema,
                    variant, number)
         ON f.number = r.facts`,
      values: [
        ids,
        numbers,
        column(({ input }) => input),
        column(({ output }) => output),
        column(({ drift }) => (drift.length > 0 ? drift : null)),
        column(({ shadow }) => shadow),
        ...FACTS.map((name) => Array.from(common.values(), ({ row }) => row[name])),
      ],
    });
    return ids;
  }
}
