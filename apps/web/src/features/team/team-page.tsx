import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { apiKeys, createdApiKey, members, storageUsage, user } from '#contracts';
import { call, command } from '../../api/client';
import { bytes, moment } from '../../components/format';
import { Failure, Loaded } from '../../components/states';
import { PolicySection } from './policy-section';

export function TeamPage() {
  const storage = useQuery({
    queryKey: ['storage'],
    queryFn: () => call(storageUsage, 'GET', '/api/v1/storage'),
  });
  return (
    <>
      <h1>Team</h1>
      <Loaded query={storage}>
        {({ usedBytes, quotaBytes }) => (
          <p>
            {bytes(usedBytes)} of {bytes(quotaBytes)} of storage used
          </p>
        )}
      </Loaded>
      <Members />
      <PolicySection />
      <ApiKeys />
    </>
  );
}

function Members() {
  const queryClient = useQueryClient();
  const list = useQuery({
    queryKey: ['members'],
    queryFn: () => call(members, 'GET', '/api/v1/team/members?limit=200'),
  });
  const add = useMutation({
    mutationFn: (body: object) => call(user, 'POST', '/api/v1/team/members', body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['members'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(Object.fromEntries(new FormData(event.currentTarget)));
    event.currentTarget.reset();
  };
  return (
    <section aria-label="Members">
      <h2>Members</h2>
      <Loaded query={list}>
        {({ items }) => (
          <ul>
            {items.map((member) => (
              <li key={member.id}>
                {member.email} ({member.role})
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <details>
        <summary>Add a member (owners only)</summary>
        <form className="card form" onSubmit={submit}>
          <label>
            Email
            <input name="email" type="email" required />
          </label>
          <label>
            First password
            <input name="password" type="password" minLength={12} required autoComplete="off" />
          </label>
          <label>
            Role
            <select name="role" defaultValue="member">
              <option value="member">member</option>
              <option value="reviewer">reviewer</option>
              <option value="owner">owner</option>
            </select>
          </label>
          {add.error && <Failure error={add.error} />}
          <button type="submit" className="primary">
            Add
          </button>
        </form>
      </details>
    </section>
  );
}

function ApiKeys() {
  const queryClient = useQueryClient();
  const [shown, setShown] = useState<string | null>(null);
  const list = useQuery({
    queryKey: ['api-keys'],
    queryFn: () => call(apiKeys, 'GET', '/api/v1/auth/api-keys?limit=200'),
  });
  const changed = () => queryClient.invalidateQueries({ queryKey: ['api-keys'] });
  const create = useMutation({
    mutationFn: (name: string) => call(createdApiKey, 'POST', '/api/v1/auth/api-keys', { name }),
    onSuccess: ({ key }) => {
      setShown(key);
      return changed();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => command('DELETE', `/api/v1/auth/api-keys/${id}`),
    onSuccess: changed,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(String(new FormData(event.currentTarget).get('name')));
    event.currentTarget.reset();
  };
  return (
    <section aria-label="API keys">
      <h2>API keys</h2>
      <Loaded
        query={list}
        isEmpty={({ items }) => items.length === 0}
        empty="None. A key lets a script speak for you: curl -H 'X-API-Key: …'"
      >
        {({ items }) => (
          <table>
            <tbody>
              {items.map((key) => (
                <tr key={key.id}>
                  <th scope="row">{key.name}</th>
                  <td>
                    <code>{key.prefix}…</code>
                  </td>
                  <td>{key.role}</td>
                  <td>{key.lastUsedAt ? `used ${moment(key.lastUsedAt)}` : 'never used'}</td>
                  <td>
                    <button type="button" onClick={() => revoke.mutate(key.id)}>
                      Revoke
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {shown && (
        <p className="card" role="status">
          Your key, shown this once: <code>{shown}</code>
        </p>
      )}
      <form className="inline" onSubmit={submit}>
        <label>
          Name <input name="name" required maxLength={100} />
        </label>
        <button type="submit">Create a key</button>
      </form>
      {(create.error ?? revoke.error) && <Failure error={create.error ?? revoke.error} />}
    </section>
  );
}
