import { useQuery } from '@tanstack/react-query';
import { workersStatus } from '#contracts';
import { call } from '../../api/client';
import { Progress } from '../../components/badge';
import { moment } from '../../components/format';
import { Loaded } from '../../components/states';

const POLL_MS = 3000;

export function WorkersPage() {
  const query = useQuery({
    queryKey: ['workers'],
    queryFn: () => call(workersStatus, 'GET', '/api/v1/workers/status'),
    refetchInterval: POLL_MS,
  });
  return (
    <>
      <h1>Workers</h1>
      <Loaded query={query}>
        {({ workers, queues }) => (
          <>
            <table>
              <thead>
                <tr>
                  <th>Queue</th>
                  <th className="number">Ready</th>
                  <th className="number">In work</th>
                  <th className="number">Dead</th>
                  <th className="number">Given up (your team)</th>
                </tr>
              </thead>
              <tbody>
                {queues.map((queue) => (
                  <tr key={queue.name}>
                    <td>{queue.name}</td>
                    <td className="number">{queue.ready}</td>
                    <td className="number">{queue.unacked}</td>
                    <td className="number">{queue.dead}</td>
                    <td className="number">{queue.parked}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {workers.length === 0 && <p className="empty">No worker has been heard of lately.</p>}
            {workers.map((worker) => (
              <article key={worker.id} className="card">
                <h3>{worker.id}</h3>
                <p className="muted">
                  {worker.host}, version {worker.version}, {worker.busy} of {worker.capacity} places
                  taken, last heard {moment(worker.lastHeartbeatAt)}
                </p>
                {worker.running.map((task) => (
                  <div key={task.taskId}>
                    {task.stage} <Progress value={task.progress} label={`Task ${task.taskId}`} />
                  </div>
                ))}
              </article>
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}
