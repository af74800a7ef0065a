import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { me } from '#contracts';
import { call, command } from '../api/client';
import { setSession } from '../api/session';

const PLACES = [
  ['/datasets', 'Data'],
  ['/jobs', 'Jobs'],
  ['/candidates', 'Candidates'],
  ['/team', 'Team'],
  ['/workers', 'Workers'],
] as const;

export function Shell({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const self = useQuery({ queryKey: ['me'], queryFn: () => call(me, 'GET', '/api/v1/auth/me') });
  const logout = useMutation({
    mutationFn: () => command('POST', '/api/v1/auth/logout'),
    onSettled: () => {
      setSession(null);
      queryClient.clear();
    },
  });
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <NavLink to="/datasets" className="brand">
          <img src="/lightfold.svg" alt="" width="28" height="28" /> Lightfold
        </NavLink>
        <nav aria-label="Main">
          {PLACES.map(([path, name]) => (
            <NavLink key={path} to={path}>
              {name}
            </NavLink>
          ))}
        </nav>
        <div className="who">
          {self.data && (
            <span>
              {self.data.team.name} · {self.data.user.email} ({self.data.user.role})
            </span>
          )}
          <button type="button" className="link" onClick={() => logout.mutate()}>
            Log out
          </button>
        </div>
      </header>
      <main id="content">{children}</main>
    </div>
  );
}
