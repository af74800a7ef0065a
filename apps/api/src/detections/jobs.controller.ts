import { Controller, Get, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { Roles, TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { JobsService, type Page } from './jobs.service.js';

@ApiTags('jobs')
@Controller('api/v1')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get('status/:job_id')
  @ApiOperation({ summary: 'Progress of a job; with `wait_seconds`, as soon as there is news' })
  @Returns(contract.job)
  status(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
    @Query({ schema: contract.watchJob }) query: contract.WatchJob,
  ): Promise<contract.Job> {
    return this.jobs.watch(teamId, jobId, query);
  }

  @Get('jobs')
  @ApiOperation({ summary: 'Jobs of the team, the newest first' })
  @Returns(contract.jobs)
  list(
    @TeamId() teamId: string,
    @Query({ schema: contract.listJobs }) query: contract.ListJobs,
  ): Promise<Page<contract.Job>> {
    return this.jobs.list(teamId, query);
  }

  @Get('jobs/:job_id')
  @ApiOperation({ summary: 'A job of any type, with what it came to' })
  @Returns(contract.jobDetail)
  get(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
  ): Promise<contract.JobDetail> {
    return this.jobs.getWithResults(teamId, jobId);
  }

  @Post('jobs/:job_id/cancel')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Cancel a job; what it has found so far stays' })
  @Returns(contract.job, HttpStatus.OK)
  cancel(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
  ): Promise<contract.Job> {
    return this.jobs.cancel(teamId, jobId);
  }

  @Get('jobs/:job_id/tasks')
  @ApiOperation({ summary: 'Tasks of a job, with the reason of each that failed' })
  @Returns(contract.tasks)
  tasks(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
    @Query({ schema: contract.listTasks }) query: contract.ListTasks,
  ): Promise<Page<contract.Task>> {
    return this.jobs.listTasks(teamId, jobId, query);
  }

  @Get('tasks/:task_id')
  @ApiOperation({ summary: 'A task: one target of a search, one file of a validation' })
  @Returns(contract.task)
  task(
    @TeamId() teamId: string,
    @Param({ schema: contract.taskId }) { taskId }: contract.TaskId,
  ): Promise<contract.Task> {
    return this.jobs.getTask(teamId, taskId);
  }

  @Post('tasks/:task_id/replay')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Try a failed or parked task again, with all its attempts anew' })
  @Returns(contract.task, HttpStatus.ACCEPTED)
  replay(
    @TeamId() teamId: string,
    @Param({ schema: contract.taskId }) { taskId }: contract.TaskId,
  ): Promise<contract.Task> {
    return this.jobs.replayTask(teamId, taskId);
  }
}
