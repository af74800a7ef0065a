import { Injectable } from '@nestjs/common';
import type { JobType, WorkersStatus } from '#contracts';
import { PrismaDatabase } from '#platform/prisma';

export interface RunningTask {
  readonly task_id: string;
  readonly stage: string;
  readonly progress: number;
}

export type WorkerRow = Omit<WorkersStatus['workers'][number], 'running' | 'busy'> & {
  readonly running: RunningTask[];
};

export interface TaskCounts {
  readonly kind: JobType;
  readonly queued: number;
  readonly running: number;
  readonly parked: number;
}

@Injectable()
export class WorkersRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** Those that were heard of in the last so many seconds, by name. */
  async listAlive(silentSeconds: number): Promise<WorkerRow[]> {
    const rows = await this.database.worker.findMany({
      where: { lastHeartbeatAt: { gt: new Date(Date.now() - silentSeconds * 1000) } },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => ({ ...row, running: row.running as unknown as RunningTask[] }));
  }

  /** Those of the tasks named that belong to the team. */
  async findTasksInTeam(teamId: string, taskIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.task.findMany({
      where: { teamId, id: { in: [...taskIds] } },
      select: { id: true },
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** Parked ones of the team, the others of all. */
  async countTasks(teamId: string): Promise<TaskCounts[]> {
    const { rows } = await this.database.pool.query<TaskCounts>(
      `SELECT kind, count(*) FILTER (WHERE status = 'queued')::int AS queued,
              count(*) FILTER (WHERE status = 'running')::int AS running,
              count(*) FILTER (WHERE status = 'parked' AND team_id = $1)::int AS parked
       FROM tasks WHERE status IN ('queued', 'running', 'parked') GROUP BY kind`,
      [teamId],
    );
    return rows;
  }
}
