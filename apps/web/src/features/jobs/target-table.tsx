import type { TargetSummary } from '#contracts';
import { Badge } from '../../components/badge';

export function TargetTable({ targets }: { targets: readonly TargetSummary[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Target</th>
          <th>Mission</th>
          <th>State</th>
          <th className="number">Points</th>
          <th className="number">Baseline (d)</th>
          <th className="number">RMS (ppm)</th>
          <th className="number">Candidates</th>
          <th>Remarks</th>
        </tr>
      </thead>
      <tbody>
        {targets.map((target) => (
          <tr key={target.target}>
            <td>{target.target}</td>
            <td>{target.mission}</td>
            <td>
              <Badge word={target.status} />
            </td>
            <td className="number">{target.points.toLocaleString('en')}</td>
            <td className="number">{target.baselineDays.toFixed(1)}</td>
            <td className="number">{target.rmsPpm.toFixed(0)}</td>
            <td className="number">{target.candidates}</td>
            <td>{target.failure ? target.failure.message : target.warnings.join(' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
