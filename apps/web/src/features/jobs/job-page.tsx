import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { type Job, results, type TargetSummary } from '#contracts';
import { call, command, download } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { SensitivityMap } from '../../charts/sensitivity-map';
import { Badge, Progress } from '../../components/badge';
import { moment } from '../../components/format';
import { Failure, Loaded } from '../../components/states';
import { CandidateTable } from '../candidates/candidate-table';
import { FailedTasks } from './failed-tasks';
import { TargetTable } from './target-table';
import { isFinished } from './job-changes';
import { useJob } from './use-job';

export function JobPage() {
  const { jobId = '' } = useParams();
  const query = useJob(jobId);
  return (
    <Loaded query={query}>
      {(job) => (
        <>
          <JobHeader job={job} />
          {job.type === 'detection' && (job.tasks.completed > 0 || isFinished(job.status)) && (
            <Results job={job} />
          )}
          {job.tasks.failed > 0 && <FailedTasks jobId={jobId} />}
        </>
      )}
    </Loaded>
  );
}

function JobHeader({ job }: { job: Job }) {
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => command('POST', `/api/v1/jobs/${job.jobId}/cancel`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['jobs', job.jobId] }),
  });
  const report = useMutation({
    mutationFn: () => download(`/api/v1/report/${job.jobId}`),
    onSuccess: (blob) => save(blob, `lightfold-${job.jobId}.pdf`),
    // It is drawn when the search is done, which takes some seconds.
    retry: (failures, error) => failures < 30 && isNotReady(error),
    retryDelay: 1000,
  });
  const running = !isFinished(job.status);
  return (
    <section className="card" aria-label="Job">
      <header className="title">
        <h1>
          {job.type === 'detection' ? 'Search' : job.type} <Badge word={job.status} />
        </h1>
        <div className="actions">
          {running && (
            <button type="button" onClick={() => cancel.mutate()} disabled={cancel.isPending}>
              Cancel
            </button>
          )}
          {job.status === 'completed' && job.type === 'detection' && (
            <button
              type="button"
              className="primary"
              onClick={() => report.mutate()}
              disabled={report.isPending}
            >
              Report (PDF)
            </button>
          )}
        </div>
      </header>
      <Progress value={job.progress} label="Progress" />
      <p aria-live="polite">
        {job.stage}: {job.message}
      </p>
      <p className="muted">
        {job.tasks.completed} of {job.tasks.total} targets done
        {job.tasks.failed > 0 && `, ${job.tasks.failed} failed`} · started {moment(job.createdAt)}
      </p>
      {cancel.error && <Failure error={cancel.error} />}
      {report.error && <Failure error={report.error} />}
    </section>
  );
}

function Results({ job }: { job: Job }) {
  const query = useQuery({
    queryKey: ['results', job.jobId, job.tasks.completed],
    queryFn: () => call(results, 'GET', `/api/v1/results/${job.jobId}`),
    placeholderData: (previous) => previous,
  });
  return (
    <Loaded query={query}>
      {({ targets, candidates }) => (
        <>
          <section aria-label="Candidates">
            <h2>Candidates</h2>
            {candidates.length === 0 ? (
              <p className="empty">
                {isFinished(job.status) ? 'No signal passed the threshold.' : 'None yet.'}
              </p>
            ) : (
              <CandidateTable candidates={candidates} />
            )}
          </section>
          <section aria-label="Targets">
            <h2>Targets</h2>
            <TargetTable targets={targets} />
            <SensitivityMaps targets={targets} />
          </section>
        </>
      )}
    </Loaded>
  );
}

/** Of each target that has one; open where it is the only one. */
function SensitivityMaps({ targets }: { targets: readonly TargetSummary[] }) {
  const mapped = targets.filter(({ sensitivity }) => sensitivity !== null);
  return mapped.map(({ target, sensitivity }) => (
    <details key={target} open={mapped.length === 1}>
      <summary>{target}: planets that could have been found</summary>
      <SensitivityMap target={target} map={sensitivity!} />
    </details>
  ));
}

const isNotReady = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.type === '/problems/report-not-ready';

function save(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: filename });
  link.click();
  URL.revokeObjectURL(url);
}
