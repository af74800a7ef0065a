import { candidate, targetSummary, toWire } from '#contracts';
import { candidateRecord, targetRecord } from '#transit';
import { table } from '../output.js';
import type { Detected } from './targets.js';

const HEADER = [
  'Target',
  'Rank',
  'Period (d)',
  'First transit (BJD)',
  'Depth (ppm)',
  'Kept',
  'Duration (h)',
  'SNR',
  'Probability',
  'Decision',
];

export function candidateTable(detected: readonly Detected[]): string {
  const rows = detected.flatMap(({ result }) =>
    result.candidates.map((each) => {
      const record = candidateRecord(result, each);
      return [
        record.target,
        String(record.rank),
        record.periodDays?.toFixed(5) ?? 'single',
        record.t0Bjd.toFixed(4),
        record.depthPpm.toFixed(0),
        record.depthRetained === null ? '?' : `${(100 * record.depthRetained).toFixed(0)} %`,
        record.durationHours.toFixed(2),
        record.snr.toFixed(1),
        record.probability.toFixed(3),
        record.rlAction,
      ];
    }),
  );
  if (rows.length > 0) return table(HEADER, rows);
  const names = detected.map(({ input }) => input.target).join(', ');
  return `No signal passed the threshold in ${names}.`;
}

/** The body of `GET /api/v1/results/{job_id}`, without what only a server has. */
export function resultsJson(detected: readonly Detected[]): object {
  const stored = { candidate_id: true, plots: true, reviews: true } as const;
  return {
    targets: detected.map(({ result, provenance }) =>
      toWire(targetSummary, {
        ...targetRecord(result),
        provenance,
        status: 'completed',
        failure: null,
      }),
    ),
    candidates: detected.flatMap(({ result, provenance }) =>
      result.candidates.map((each) =>
        toWire(candidate.omit(stored), { ...candidateRecord(result, each), provenance }),
      ),
    ),
  };
}
