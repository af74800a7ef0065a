import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { jobAccepted } from '#contracts';
import { call } from '../../api/client';
import { Failure } from '../../components/states';
import { paramsOf } from './search-params';

/** Starts a detection. Fields that are left empty keep the platform's defaults. */
export function SearchForm({ datasetId }: { datasetId: string }) {
  const navigate = useNavigate();
  const run = useMutation({
    mutationFn: (params: Record<string, unknown>) =>
      call(jobAccepted, 'POST', '/api/v1/run', { dataset_id: datasetId, params }),
    onSuccess: ({ jobId }) => navigate(`/jobs/${jobId}`),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    run.mutate(paramsOf(new FormData(event.currentTarget)));
  };
  return (
    <form className="card form" onSubmit={submit}>
      <h2>Search for planets</h2>
      <details>
        <summary>Settings (the defaults need no tuning)</summary>
        <div className="fields">
          <label>
            Shortest period (days)
            <input name="min_period_days" type="number" step="any" min="0.1" placeholder="0.5" />
          </label>
          <label>
            Longest period (days)
            <input
              name="max_period_days"
              type="number"
              step="any"
              min="0.2"
              placeholder="half the baseline"
            />
          </label>
          <label>
            Planets at most
            <input name="max_planets" type="number" min="1" max="20" placeholder="6" />
          </label>
          <label>
            Least SNR
            <input name="min_snr" type="number" step="any" min="3" placeholder="7.1" />
          </label>
          <label>
            Trend removed with
            <select name="detrend" defaultValue="">
              <option value="">biweight (default)</option>
              <option value="median">median</option>
              <option value="none">nothing</option>
            </select>
          </label>
          <label>
            Seed
            <input name="seed" type="number" min="0" placeholder="1" />
          </label>
        </div>
      </details>
      {run.error && <Failure error={run.error} />}
      <button type="submit" className="primary" disabled={run.isPending}>
        Search
      </button>
    </form>
  );
}
