import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { type DatasetFile, datasetDetail, validationStatus } from '#contracts';
import { call } from '../../api/client';
import { Badge, Progress } from '../../components/badge';
import { bytes, moment, percent } from '../../components/format';
import { Loaded } from '../../components/states';
import { SearchForm } from '../jobs/search-form';

const POLL_MS = 1000;

export function DatasetPage() {
  const { datasetId = '' } = useParams();
  const dataset = useQuery({
    queryKey: ['datasets', datasetId],
    queryFn: () => call(datasetDetail, 'GET', `/api/v1/datasets/${datasetId}`),
  });
  const validation = useQuery({
    queryKey: ['validation', datasetId],
    queryFn: () => call(validationStatus, 'GET', `/api/v1/validation/${datasetId}/status`),
    refetchInterval: ({ state }) => (state.data?.status === 'validating' ? POLL_MS : false),
  });

  return (
    <>
      <Loaded query={dataset}>
        {({ name, sizeBytes, createdAt }) => (
          <header className="title">
            <h1>{name}</h1>
            <p>
              {bytes(sizeBytes)} · {moment(createdAt)}
            </p>
          </header>
        )}
      </Loaded>
      <Loaded query={validation}>
        {({ status, progress, files }) => (
          <>
            <p>
              <Badge word={status} /> {verdict(status, files)}
            </p>
            {status === 'validating' && <Progress value={progress} label="Validated" />}
            {status === 'valid' && <SearchForm datasetId={datasetId} />}
            <section aria-label="Files" className="files">
              {files.map((file) => (
                <FileCard key={file.fileId} file={file} />
              ))}
            </section>
          </>
        )}
      </Loaded>
    </>
  );
}

function verdict(status: string, files: readonly DatasetFile[]): string {
  const bad = files.filter((file) => file.status === 'invalid').length;
  switch (status) {
    case 'valid':
      return 'Every file can be searched.';
    case 'invalid':
      return `${bad} of ${files.length} files cannot be used; each says why below.`;
    case 'validating':
      return 'Being read and checked.';
    case 'expired':
      return 'The upload was not finished in time; upload the files again.';
    default:
      return 'Waiting for the files to arrive.';
  }
}

function FileCard({ file }: { file: DatasetFile }) {
  const { summary } = file;
  return (
    <article className="card">
      <h3>
        {file.filename} <Badge word={file.status} />
      </h3>
      {summary && (
        <dl className="facts">
          <Fact name="Target" value={file.target ?? summary.target ?? 'not named'} />
          <Fact name="Mission" value={`${summary.mission} ${summary.label}`} />
          <Fact name="Format" value={`${summary.format}${summary.gzip ? ', gzip' : ''}`} />
          <Fact
            name="Points"
            value={`${summary.usablePoints.toLocaleString('en')} of ${summary.points.toLocaleString('en')}`}
          />
          <Fact
            name="Cadence"
            value={summary.cadenceMinutes ? `${summary.cadenceMinutes.toFixed(2)} min` : 'unknown'}
          />
          <Fact
            name="Span"
            value={
              summary.timeStartBjd !== null && summary.timeEndBjd !== null
                ? `BJD ${summary.timeStartBjd.toFixed(2)} to ${summary.timeEndBjd.toFixed(2)}`
                : summary.timeSystem
            }
          />
          <Fact name="Flux" value={summary.fluxColumn} />
          <Fact name="Missing" value={percent(summary.nonFiniteShare)} />
        </dl>
      )}
      {file.issues.length > 0 && (
        <ul className="issues">
          {file.issues.map((issue, index) => (
            <li key={index}>
              <Badge word={issue.severity} /> {issue.message}{' '}
              <code>
                {issue.code}
                {issue.row !== undefined && `, row ${issue.row}`}
                {issue.column !== undefined && `, column ${issue.column}`}
              </code>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
