import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { job } from '#contracts';
import { Badge } from '../../components/badge';
import { CursorList } from '../../components/cursor-list';
import { moment } from '../../components/format';

const POLL_MS = 5000;

export function JobsPage() {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const navigate = useNavigate();
  const choose = (id: string, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, id].slice(-2) : chosen.filter((other) => other !== id));
  const compare = (event: FormEvent) => {
    event.preventDefault();
    void navigate(`/compare?job_a=${chosen[0]}&job_b=${chosen[1]}`);
  };
  return (
    <form onSubmit={compare}>
      <header className="title">
        <h1>Jobs</h1>
        <button type="submit" disabled={chosen.length !== 2}>
          Compare the two chosen
        </button>
      </header>
      <CursorList
        name="jobs"
        path="/api/v1/jobs"
        item={job}
        empty="No job yet. Upload light curves and search them."
        refetchEveryMs={POLL_MS}
      >
        {(items) => (
          <table>
            <thead>
              <tr>
                <th>
                  <span className="hidden">Compare</span>
                </th>
                <th>Job</th>
                <th>State</th>
                <th className="number">Progress</th>
                <th className="number">Tasks</th>
                <th>Message</th>
                <th>Created</th>
              </tr>
            </thead>
            <tbody>
              {items.map((each) => (
                <tr key={each.jobId}>
                  <td>
                    {each.type === 'detection' && (
                      <input
                        type="checkbox"
                        aria-label={`Choose job ${each.jobId} for comparison`}
                        checked={chosen.includes(each.jobId)}
                        onChange={(event) => choose(each.jobId, event.target.checked)}
                      />
                    )}
                  </td>
                  <td>
                    <Link to={`/jobs/${each.jobId}`}>{each.type}</Link>
                  </td>
                  <td>
                    <Badge word={each.status} />
                  </td>
                  <td className="number">{each.progress.toFixed(0)} %</td>
                  <td className="number">
                    {each.tasks.completed}/{each.tasks.total}
                  </td>
                  <td>{each.message}</td>
                  <td>{moment(each.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </CursorList>
    </form>
  );
}
