import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { activePolicy, type Policy, policies, policyDetail } from '#contracts';
import { call } from '../../api/client';
import { moment } from '../../components/format';
import { Failure, Loaded } from '../../components/states';
import { differenceSentence, policyRows } from './policy-rows';

/** Who decides on candidates, and what the newest policy that was learnt would be worth. */
export function PolicySection() {
  const queryClient = useQueryClient();
  const active = useQuery({
    queryKey: ['policies', 'active'],
    queryFn: () => call(activePolicy, 'GET', '/api/v1/policies/active'),
  });
  const newest = useQuery({
    queryKey: ['policies', 'newest'],
    queryFn: () => call(policies, 'GET', '/api/v1/policies?limit=1'),
  });
  const changed = () => queryClient.invalidateQueries({ queryKey: ['policies'] });
  const learn = useMutation({
    mutationFn: () => call(policyDetail, 'POST', '/api/v1/policies'),
    onSuccess: changed,
  });
  const activate = useMutation({
    mutationFn: (which: number | 'thresholds') =>
      call(activePolicy, 'POST', `/api/v1/policies/${which}/activate`),
    onSuccess: changed,
  });
  const error = learn.error ?? activate.error;
  return (
    <section aria-label="Policy">
      <h2>Policy</h2>
      <Loaded query={active}>
        {({ policy, history: [last] }) => (
          <p>
            {policy === 'thresholds' ? 'The thresholds decide' : `${policy} decides`} on candidates
            {last && `, since ${moment(last.at)}, by ${last.by}`}.{' '}
            {policy !== 'thresholds' && (
              <button type="button" onClick={() => activate.mutate('thresholds')}>
                Let the thresholds decide
              </button>
            )}
          </p>
        )}
      </Loaded>
      <Loaded
        query={newest}
        isEmpty={({ items }) => items.length === 0}
        empty="No policy was learnt yet. With some hundred reviews one can be, and is compared with the thresholds."
      >
        {({ items: [policy] }) => (
          <>
            <Evaluation policy={policy} />
            {!policy.isActive && (
              <button type="button" onClick={() => activate.mutate(policy.number)}>
                Let {policy.name} decide
              </button>
            )}
          </>
        )}
      </Loaded>
      {error && <Failure error={error} />}
      <button type="button" disabled={learn.isPending} onClick={() => learn.mutate()}>
        Learn from all reviews
      </button>
    </section>
  );
}

function Evaluation({ policy }: { policy: Policy }) {
  const rows = policyRows(policy);
  return (
    <table>
      <caption>{differenceSentence(policy)}</caption>
      <thead>
        <tr>
          <th scope="col">Policy</th>
          <th scope="col">Worth of a candidate</th>
          {rows[0].would.map(({ action }) => (
            <th scope="col" key={action}>
              {action}: planets / false positives / unsure
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ who, worth, would }) => (
          <tr key={who}>
            <th scope="row">{who}</th>
            <td>{worth}</td>
            {would.map(({ action, text }) => (
              <td key={action}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
