import { Injectable } from '@nestjs/common';
import {
  fromWire,
  type Job,
  type ListJobs,
  type ListTasks,
  type Task,
  taskFailure,
  type TaskFailure,
} from '#contracts';
import { PrismaDatabase, type Job as JobRow, type Task as TaskRow } from '#platform/prisma';
import { afterCursor, newestFirst } from '../http/cursor.js';

export type Listed<T> = T & { readonly createdAt: Date; readonly id: string };

@Injectable()
export class JobsRepository {
  constructor(private readonly database: PrismaDatabase) {}

  async findInTeam(teamId: string, jobId: string): Promise<Job | null> {
    const row = await this.database.job.findFirst({ where: { id: jobId, teamId } });
    return row && jobOf(row);
  }

  /** As its last event tells them. */
  async findResults(teamId: string, jobId: string): Promise<Record<string, unknown> | null> {
    const { rows } = await this.database.pool.query<{ results: Record<string, unknown> }>(
      `SELECT e.body->'results' AS results FROM job_events e JOIN jobs j ON j.id = e.job_id
       WHERE e.job_id = $1 AND j.team_id = $2 AND e.body->>'type' = 'complete'
       ORDER BY e.seq DESC LIMIT 1`,
      [jobId, teamId],
    );
    return rows[0]?.results ?? null;
  }

  /** One more than asked for where there are more. */
  async listInTeam(teamId: string, query: ListJobs): Promise<Listed<Job>[]> {
    const { status, type, datasetId, limit, cursor } = query;
    const rows = await this.database.job.findMany({
      where: { teamId, status, type, datasetId, ...afterCursor(cursor) },
      orderBy: newestFirst,
      take: limit + 1,
    });
    return rows.map(jobOf);
  }

  async findTaskInTeam(teamId: string, taskId: string): Promise<Task | null> {
    const row = await this.database.task.findFirst({ where: { id: taskId, teamId } });
    return row && taskOf(row);
  }

  /** One more than asked for where there are more. */
  async listTasksInTeam(teamId: string, jobId: string, query: ListTasks): Promise<Listed<Task>[]> {
    const rows = await this.database.task.findMany({
      where: { teamId, jobId, status: query.status, ...afterCursor(query.cursor) },
      orderBy: newestFirst,
      take: query.limit + 1,
    });
    return rows.map(taskOf);
  }
}

function jobOf(row: JobRow): Listed<Job> {
  return {
    id: row.id,
    jobId: row.id,
    type: row.type,
    datasetId: row.datasetId,
    status: row.status,
    progress: row.progress,
    stage: row.stage,
    message: row.message,
    tasks: { total: row.tasksTotal, completed: row.tasksCompleted, failed: row.tasksFailed },
    params: row.params as Record<string, unknown>,
    seq: row.eventSeq,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    finishedAt: row.finishedAt,
  };
}

function taskOf(row: TaskRow): Listed<Task> {
  return {
    id: row.id,
    taskId: row.id,
    jobId: row.jobId,
    kind: row.kind,
    target: row.target,
    status: row.status,
    progress: row.progress,
    stage: row.stage,
    message: row.message,
    attempt: row.attempt,
    failure: fromWire(taskFailure, row.failure) as TaskFailure | null,
    // Of other kinds of tasks the results are rows and objects of their own.
    result: row.kind === 'prediction' ? (row.result as Record<string, unknown> | null) : null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
