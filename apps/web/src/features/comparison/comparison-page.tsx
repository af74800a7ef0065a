import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { type Comparison, comparison } from '#contracts';
import { call } from '../../api/client';
import { Badge } from '../../components/badge';
import { count, percent, period } from '../../components/format';
import { Loaded } from '../../components/states';

type Compared = Comparison['onlyA'][number];

export function ComparisonPage() {
  const [search] = useSearchParams();
  const query = useQuery({
    queryKey: ['compare', search.toString()],
    queryFn: () => call(comparison, 'GET', `/api/v1/compare?${search}`),
  });
  return (
    <>
      <h1>Two jobs compared</h1>
      <Loaded query={query}>
        {({ jobA, jobB, counts, matched, onlyA, onlyB, labels }) => (
          <>
            <p>
              <Link to={`/jobs/${jobA}`}>Job A</Link> has {count(counts.a, 'candidate')},{' '}
              {counts.acceptedA} accepted; <Link to={`/jobs/${jobB}`}>job B</Link> has {counts.b},{' '}
              {counts.acceptedB} accepted. In both: {counts.matched}.
            </p>
            {labels && (
              <p>
                Against {count(labels.reviewed, 'reviewed candidate')}: A has precision{' '}
                {share(labels.a.precision)} and recall {share(labels.a.recall)}; B has precision{' '}
                {share(labels.b.precision)} and recall {share(labels.b.recall)}.
              </p>
            )}
            <h2>In both</h2>
            <table>
              <thead>
                <tr>
                  <th>Target</th>
                  <th className="number">Period A (d)</th>
                  <th className="number">Period B (d)</th>
                  <th className="number">Epochs apart (h)</th>
                  <th>Decision A</th>
                  <th>Decision B</th>
                </tr>
              </thead>
              <tbody>
                {matched.map(({ a, b, epochDifferenceHours }) => (
                  <tr key={a.candidateId}>
                    <td>
                      <Link to={`/candidates/${a.candidateId}`}>{a.target}</Link>
                    </td>
                    <td className="number">{period(a.periodDays)}</td>
                    <td className="number">{period(b.periodDays)}</td>
                    <td className="number">{epochDifferenceHours.toFixed(2)}</td>
                    <td>
                      <Badge word={a.rlAction} />
                    </td>
                    <td>
                      <Badge word={b.rlAction} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <OnlyIn title="Only in A" candidates={onlyA} />
            <OnlyIn title="Only in B" candidates={onlyB} />
          </>
        )}
      </Loaded>
    </>
  );
}

const share = (value: number | null) => (value === null ? 'unknown' : percent(value));

function OnlyIn({ title, candidates }: { title: string; candidates: readonly Compared[] }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {candidates.length === 0 && <p className="empty">None.</p>}
      <ul>
        {candidates.map((each) => (
          <li key={each.candidateId}>
            <Link to={`/candidates/${each.candidateId}`}>{each.target}</Link>,{' '}
            {period(each.periodDays)} d, SNR {each.snr.toFixed(1)} <Badge word={each.rlAction} />
          </li>
        ))}
      </ul>
    </section>
  );
}
