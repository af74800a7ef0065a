import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { job, type Job } from '#contracts';
import { call } from '../../api/client';
import { live } from '../../api/live';
import { changedBy, isFinished } from './job-changes';

/** A job as it stands and as it changes: one answer of the api, then the events. */
export function useJob(jobId: string) {
  const queryClient = useQueryClient();
  const query = useQuery({
    queryKey: ['jobs', jobId],
    queryFn: () => call(job, 'GET', `/api/v1/status/${jobId}`),
  });
  useEffect(
    () =>
      live.watch(jobId, (event) => {
        queryClient.setQueryData<Job>(['jobs', jobId], (known) => known && changedBy(known, event));
        if (event.type === 'progress' && !isFinished(event.status)) return;
        void queryClient.invalidateQueries({ queryKey: ['jobs', jobId] });
        void queryClient.invalidateQueries({ queryKey: ['results', jobId] });
      }),
    [jobId, queryClient],
  );
  return query;
}
