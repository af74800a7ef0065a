import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { page, task } from '#contracts';
import { call, command } from '../../api/client';
import { Badge } from '../../components/badge';
import { Failure, Loaded } from '../../components/states';

const tasks = page(task);

/** What could not be done, why, and the button to try it again. */
export function FailedTasks({ jobId }: { jobId: string }) {
  const queryClient = useQueryClient();
  const query = useQuery({
    queryKey: ['jobs', jobId, 'tasks'],
    queryFn: () => call(tasks, 'GET', `/api/v1/jobs/${jobId}/tasks?limit=200`),
  });
  const replay = useMutation({
    mutationFn: (taskId: string) => command('POST', `/api/v1/tasks/${taskId}/replay`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['jobs', jobId] }),
  });
  return (
    <section aria-label="Failed tasks">
      <h2>Failed tasks</h2>
      {replay.error && <Failure error={replay.error} />}
      <Loaded query={query}>
        {({ items }) => (
          <table>
            <thead>
              <tr>
                <th>Target</th>
                <th>State</th>
                <th>Reason</th>
                <th className="number">Attempts</th>
                <th>
                  <span className="hidden">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items
                .filter((each) => each.status === 'failed' || each.status === 'parked')
                .map((each) => (
                  <tr key={each.taskId}>
                    <td>{each.target}</td>
                    <td>
                      <Badge word={each.status} />
                    </td>
                    <td>{each.failure?.message}</td>
                    <td className="number">{each.attempt}</td>
                    <td>
                      <button type="button" onClick={() => replay.mutate(each.taskId)}>
                        Try again
                      </button>
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}
