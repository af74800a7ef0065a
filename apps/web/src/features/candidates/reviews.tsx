import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { type Review, review } from '#contracts';
import { call } from '../../api/client';
import { Badge } from '../../components/badge';
import { moment } from '../../components/format';
import { Failure } from '../../components/states';

export function Reviews({
  candidateId,
  reviews,
}: {
  candidateId: string;
  reviews: readonly Review[];
}) {
  const queryClient = useQueryClient();
  const decide = useMutation({
    mutationFn: (body: { decision: string; note?: string }) =>
      call(review, 'POST', `/api/v1/candidates/${candidateId}/review`, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['candidates'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const note = String(form.get('note')).trim();
    decide.mutate({ decision: String(form.get('decision')), ...(note && { note }) });
    event.currentTarget.reset();
  };
  return (
    <section aria-label="Reviews">
      <h2>Your team's verdict</h2>
      {reviews.length === 0 && <p className="empty">Nobody has reviewed this candidate yet.</p>}
      <ul className="reviews">
        {reviews.map((each) => (
          <li key={each.id}>
            <Badge word={each.decision} /> {each.reviewer}, {moment(each.createdAt)}
            {each.note && <blockquote>{each.note}</blockquote>}
          </li>
        ))}
      </ul>
      <form className="card form" onSubmit={submit}>
        <fieldset>
          <legend>It is</legend>
          {[
            ['planet', 'a planet'],
            ['false_positive', 'a false positive'],
            ['unsure', 'unclear'],
          ].map(([value, text]) => (
            <label key={value} className="choice">
              <input type="radio" name="decision" value={value} required /> {text}
            </label>
          ))}
        </fieldset>
        <label>
          Note
          <textarea name="note" maxLength={4000} rows={2} />
        </label>
        {decide.error && <Failure error={decide.error} />}
        <button type="submit" className="primary" disabled={decide.isPending}>
          Record
        </button>
      </form>
    </section>
  );
}
