import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { candidate, page } from '#contracts';
import { call } from '../../api/client';
import { Loaded } from '../../components/states';
import { CandidateTable } from './candidate-table';

const candidates = page(candidate);

export function ReviewQueuePage() {
  const [action, setAction] = useState('human_review');
  const query = useQuery({
    queryKey: ['candidates', action],
    queryFn: () =>
      call(candidates, 'GET', `/api/v1/candidates?limit=200${action && `&rl_action=${action}`}`),
  });
  return (
    <>
      <header className="title">
        <h1>Candidates</h1>
        <label>
          Decision{' '}
          <select value={action} onChange={(event) => setAction(event.target.value)}>
            <option value="human_review">for human review</option>
            <option value="accept">accepted</option>
            <option value="reject">rejected</option>
            <option value="">all</option>
          </select>
        </label>
      </header>
      <Loaded
        query={query}
        isEmpty={({ items }) => items.length === 0}
        empty="No candidate with this decision."
      >
        {({ items }) => <CandidateTable candidates={items} />}
      </Loaded>
    </>
  );
}
