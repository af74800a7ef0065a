import { useState } from 'react';
import { Link } from 'react-router';
import type { Candidate } from '#contracts';
import { Badge } from '../../components/badge';
import { period } from '../../components/format';

type Column = 'target' | 'periodDays' | 'depthPpm' | 'durationHours' | 'snr' | 'probability';

const COLUMNS: readonly (readonly [Column, string])[] = [
  ['target', 'Target'],
  ['periodDays', 'Period (d)'],
  ['depthPpm', 'Depth (ppm)'],
  ['durationHours', 'Duration (h)'],
  ['snr', 'SNR'],
  ['probability', 'Probability'],
];

export function CandidateTable({ candidates }: { candidates: readonly Candidate[] }) {
  const [column, setColumn] = useState<Column>('probability');
  const [isDescending, setIsDescending] = useState(true);
  const sort = (next: Column) => {
    setIsDescending(next === column ? !isDescending : next !== 'target');
    setColumn(next);
  };
  return (
    <table>
      <thead>
        <tr>
          {COLUMNS.map(([name, title]) => (
            <th
              key={name}
              className={name === 'target' ? '' : 'number'}
              aria-sort={name === column ? (isDescending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" className="sort" onClick={() => sort(name)}>
                {title} {name === column ? (isDescending ? '▾' : '▴') : ''}
              </button>
            </th>
          ))}
          <th>Decision</th>
          <th>First reason</th>
        </tr>
      </thead>
      <tbody>
        {sortedBy(candidates, column, isDescending).map((candidate) => (
          <tr key={candidate.candidateId}>
            <td>
              <Link to={`/candidates/${candidate.candidateId}`}>
                {candidate.target}&nbsp;·&nbsp;{candidate.rank}
              </Link>
            </td>
            <td className="number">{period(candidate.periodDays)}</td>
            <td className="number">{candidate.depthPpm.toFixed(0)}</td>
            <td className="number">{candidate.durationHours.toFixed(2)}</td>
            <td className="number">{candidate.snr.toFixed(1)}</td>
            <td className="number">{candidate.probability.toFixed(3)}</td>
            <td>
              <Badge word={candidate.rlAction} />
            </td>
            <td>{candidate.reasons[0]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function sortedBy(
  candidates: readonly Candidate[],
  column: Column,
  isDescending: boolean,
): Candidate[] {
  const sign = isDescending ? -1 : 1;
  return [...candidates].sort((a, b) => {
    const [left, right] = [a[column] ?? Infinity, b[column] ?? Infinity];
    return sign * (left < right ? -1 : left > right ? 1 : a.rank - b.rank);
  });
}
