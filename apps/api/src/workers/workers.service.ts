import { Injectable } from '@nestjs/common';
import { taskKinds, type WorkersStatus } from '#contracts';
import { Settings } from '#platform/config';
import { Broker } from '#platform/messaging';
import { WorkersRepository } from './workers.repository.js';

@Injectable()
export class WorkersService {
  constructor(
    private readonly workers: WorkersRepository,
    private readonly broker: Broker,
    private readonly settings: Settings,
  ) {}

  /** Who works, on what, and what waits; of running tasks only the team's own are named. */
  async status(teamId: string): Promise<WorkersStatus> {
    const [workers, counts, stats] = await Promise.all([
      // Longer silent, and its tasks are given to others.
      this.workers.listAlive(this.settings.LEASE_SECONDS),
      this.workers.countTasks(teamId),
      this.broker.queueStats().catch(() => null),
    ]);
    const taskIds = workers.flatMap(({ running }) => running.map(({ task_id }) => task_id));
    const ours = await this.workers.findTasksInTeam(teamId, taskIds);
    return {
      workers: workers.map(({ running, ...worker }) => ({
        ...worker,
        busy: running.length,
        running: running
          .filter(({ task_id }) => ours.has(task_id))
          .map(({ task_id, stage, progress }) => ({ taskId: task_id, stage, progress })),
      })),
      broker: stats ? 'up' : 'down',
      queues: taskKinds.map((name) => {
        const queue = stats?.find((candidate) => candidate.name === name);
        const tasks = counts.find(({ kind }) => kind === name);
        return {
          name,
          ready: queue?.ready ?? tasks?.queued ?? 0,
          unacked: tasks?.running ?? 0,
          dead: queue?.dead ?? 0,
          parked: tasks?.parked ?? 0,
        };
      }),
    };
  }
}
