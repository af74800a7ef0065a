import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem';

export function Loading() {
  return (
    <p className="empty" role="status">
      Loading…
    </p>
  );
}

export function Failure({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem)) {
    return (
      <div className="failure" role="alert">
        <strong>Something unexpected happened.</strong> {String(error)}
      </div>
    );
  }
  const { title, detail, errors } = error.problem;
  return (
    <div className="failure" role="alert">
      <strong>{title}.</strong>{' '}
      {errors ? (
        <ul>
          {errors.map((fault) => (
            <li key={fault.pointer + fault.detail}>
              {fault.pointer.replace('#/', '')}: {fault.detail}
            </li>
          ))}
        </ul>
      ) : (
        detail
      )}
    </div>
  );
}

/** The four states of a view: loading, failed, empty, full. */
export function Loaded<T>({
  query,
  isEmpty = () => false,
  empty,
  children,
}: {
  query: UseQueryResult<T>;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data === undefined) {
    return query.error ? <Failure error={query.error} /> : <Loading />;
  }
  if (isEmpty(query.data)) return <div className="empty">{empty}</div>;
  return <>{children(query.data)}</>;
}
