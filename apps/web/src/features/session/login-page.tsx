import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { registered, tokens } from '#contracts';
import { call } from '../../api/client';
import { setSession } from '../../api/session';
import { Failure } from '../../components/states';

export function LoginPage() {
  const [isNew, setIsNew] = useState(false);
  const queryClient = useQueryClient();
  const enter = useMutation({
    mutationFn: async (form: FormData) => {
      const email = String(form.get('email'));
      const password = String(form.get('password'));
      if (isNew) {
        const team_name = String(form.get('team_name'));
        await call(registered, 'POST', '/api/v1/auth/register', { team_name, email, password });
      }
      return call(tokens, 'POST', '/api/v1/auth/login', { email, password });
    },
    onSuccess: (session) => {
      queryClient.clear();
      setSession(session);
    },
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    enter.mutate(new FormData(event.currentTarget));
  };

  return (
    <main className="login">
      <div className="login-brand">
        <img src="/lightfold.svg" alt="" width="56" height="56" />
        <h1>Lightfold</h1>
        <p>Planets in light curves: upload, search, vet, decide.</p>
      </div>
      <form onSubmit={submit} className="card form">
        <h2>{isNew ? 'Found a team' : 'Log in'}</h2>
        {isNew && (
          <label>
            Team
            <input name="team_name" required maxLength={100} autoComplete="organization" />
          </label>
        )}
        <label>
          Email
          <input name="email" type="email" required autoComplete="email" />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            required
            minLength={isNew ? 12 : 1}
            autoComplete={isNew ? 'new-password' : 'current-password'}
          />
          {isNew && <small>12 characters or more</small>}
        </label>
        {enter.error && <Failure error={enter.error} />}
        <button type="submit" className="primary" disabled={enter.isPending}>
          {isNew ? 'Found the team' : 'Log in'}
        </button>
        <button type="button" className="link" onClick={() => setIsNew(!isNew)}>
          {isNew ? 'I have an account' : 'Found a new team'}
        </button>
      </form>
    </main>
  );
}
