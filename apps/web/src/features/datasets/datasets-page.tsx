import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { datasets } from '#contracts';
import { call } from '../../api/client';
import { Badge } from '../../components/badge';
import { bytes, moment } from '../../components/format';
import { Failure, Loading } from '../../components/states';
import { UploadForm } from './upload-form';

export function DatasetsPage() {
  const list = useInfiniteQuery({
    queryKey: ['datasets'],
    queryFn: ({ pageParam }) =>
      call(
        datasets,
        'GET',
        `/api/v1/datasets?limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h1>Data</h1>
      <UploadForm />
      <section aria-label="Datasets">
        {list.isPending && <Loading />}
        {list.error && <Failure error={list.error} />}
        {list.data && items.length === 0 && (
          <p className="empty">Nothing here yet. What you upload above is listed here.</p>
        )}
        {items.length > 0 && (
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th>State</th>
                <th className="number">Files</th>
                <th className="number">Size</th>
                <th>Created</th>
              </tr>
            </thead>
            <tbody>
              {items.map((dataset) => (
                <tr key={dataset.id}>
                  <td>
                    <Link to={`/datasets/${dataset.id}`}>{dataset.name}</Link>
                  </td>
                  <td>
                    <Badge word={dataset.status} />
                  </td>
                  <td className="number">{dataset.files}</td>
                  <td className="number">{bytes(dataset.sizeBytes)}</td>
                  <td>{moment(dataset.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {list.hasNextPage && (
          <button type="button" onClick={() => void list.fetchNextPage()}>
            Show more
          </button>
        )}
      </section>
    </>
  );
}
