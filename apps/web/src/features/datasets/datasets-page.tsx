import { Link } from 'react-router';
import { dataset } from '#contracts';
import { Badge } from '../../components/badge';
import { CursorList } from '../../components/cursor-list';
import { bytes, moment } from '../../components/format';
import { UploadForm } from './upload-form';

export function DatasetsPage() {
  return (
    <>
      <h1>Data</h1>
      <UploadForm />
      <section aria-label="Datasets">
        <CursorList
          name="datasets"
          path="/api/v1/datasets"
          item={dataset}
          empty="Nothing here yet. What you upload above is listed here."
        >
          {(items) => (
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
                {items.map((each) => (
                  <tr key={each.id}>
                    <td>
                      <Link to={`/datasets/${each.id}`}>{each.name}</Link>
                    </td>
                    <td>
                      <Badge word={each.status} />
                    </td>
                    <td className="number">{each.files}</td>
                    <td className="number">{bytes(each.sizeBytes)}</td>
                    <td>{moment(each.createdAt)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </CursorList>
      </section>
    </>
  );
}
