import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { candidate as candidateContract, toWire } from '#contracts';
import { bytesOfFloats, Database, storableJson } from '#platform/database';
import { type Lease, uuid7 } from '#platform/jobs';
import type { InputFile, StoredCandidate } from './detection-records.js';

@Injectable()
export class DetectionRepository {
  constructor(private readonly database: Database) {}

  /** The valid ones among the files named, in the order of the upload. */
  async listFiles(teamId: string, fileIds: readonly string[]): Promise<InputFile[]> {
    const { rows } = await this.database.pool.query<InputFile & { sizeBytes: string }>(
      `SELECT filename, object_key AS "objectKey", size_bytes AS "sizeBytes", sha256
       FROM dataset_files
       WHERE team_id = $1 AND id = ANY($2::uuid[]) AND status = 'valid' AND sha256 IS NOT NULL
       ORDER BY position, id`,
      [teamId, fileIds],
    );
    return rows.map((row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }));
  }

  /** Text of a learnt policy of the team, and its checksum; null where there is none. */
  async findPolicy(
    teamId: string,
    number: number,
  ): Promise<{ body: string; sha256: string } | null> {
    const { rows } = await this.database.pool.query<{ body: string; sha256: string }>(
      'SELECT body, sha256 FROM decision_policies WHERE team_id = $1 AND number = $2',
      [teamId, number],
    );
    return rows[0] ?? null;
  }

  /** In place of what an earlier run of the task may have stored. */
  async replaceCandidates(
    client: ClientBase,
    task: { lease: Lease; teamId: string; target: string },
    candidates: readonly StoredCandidate[],
  ): Promise<void> {
    await client.query('DELETE FROM candidates WHERE task_id = $1', [task.lease.taskId]);
    const { shape } = candidateContract;
    for (const { record, embedding, provenance, plots } of candidates) {
      await client.query(
        `INSERT INTO candidates (id, team_id, job_id, task_id, target, rank, period_days, t0_bjd,
           depth_ppm, duration_hours, snr, sde, probability, rl_action, reasons, flags, fit, vetting,
           aliases, plots, provenance, depth_retained, false_alarm_probability, models, embedding,
           embedding_sha256, decided_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
           $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
        [
          uuid7(),
          task.teamId,
          task.lease.jobId,
          task.lease.taskId,
          task.target,
          record.rank,
          record.periodDays,
          record.t0Bjd,
          record.depthPpm,
          record.durationHours,
          record.snr,
          record.sde,
          record.probability,
          record.rlAction,
          storableJson(record.reasons),
          storableJson(record.flags),
          storableJson(toWire(shape.fit, record.fit)),
          storableJson(toWire(shape.vetting, record.vetting)),
          storableJson(toWire(shape.aliases, record.aliases)),
          storableJson(plots),
          storableJson(toWire(shape.provenance, provenance)),
          record.depthRetained,
          record.falseAlarmProbability,
          storableJson(toWire(shape.models, record.models)),
          embedding && bytesOfFloats(embedding.values),
          embedding && embedding.sha256,
          storableJson(toWire(shape.decided_by, record.decidedBy)),
        ],
      );
    }
  }
}
