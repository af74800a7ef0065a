import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { similarCandidates } from '#contracts';
import { call } from '../../api/client';
import { Badge } from '../../components/badge';
import { period } from '../../components/format';
import { Loaded } from '../../components/states';

/** Candidates of other targets whose folded curves look alike: what was decided on them may help. */
export function SimilarCandidates({ candidateId }: { candidateId: string }) {
  const query = useQuery({
    queryKey: ['candidates', 'similar', candidateId],
    queryFn: () =>
      call(
        similarCandidates,
        'GET',
        `/api/v1/candidates/${candidateId}/similar?limit=5&least_similarity=0.5`,
      ),
    retry: false,
  });
  return (
    <section aria-label="Similar candidates">
      <h2>Similar candidates</h2>
      <Loaded
        query={query}
        isEmpty={({ items }) => items.length === 0}
        empty="No candidate of another target looks like this one."
      >
        {({ items }) => (
          <table>
            <thead>
              <tr>
                <th>Candidate</th>
                <th className="number">Similarity</th>
                <th className="number">Period (d)</th>
                <th className="number">Depth (ppm)</th>
                <th className="number">Probability</th>
                <th>Decision</th>
                <th>Review</th>
              </tr>
            </thead>
            <tbody>
              {items.map((each) => (
                <tr key={each.candidateId}>
                  <td>
                    <Link to={`/candidates/${each.candidateId}`}>
                      {each.target}&nbsp;·&nbsp;{each.rank}
                    </Link>
                  </td>
                  <td className="number">{each.similarity.toFixed(2)}</td>
                  <td className="number">{period(each.periodDays)}</td>
                  <td className="number">{each.depthPpm.toFixed(0)}</td>
                  <td className="number">{each.probability.toFixed(3)}</td>
                  <td>
                    <Badge word={each.rlAction} />
                  </td>
                  <td>{each.review ? <Badge word={each.review} /> : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}
