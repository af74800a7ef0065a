import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { Progress } from '../../components/badge';
import { bytes } from '../../components/format';
import { Failure } from '../../components/states';
import { uploadDataset } from './upload';

export function UploadForm() {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isOver, setIsOver] = useState(false);
  const [sentBytes, setSentBytes] = useState(0);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);

  const upload = useMutation({
    mutationFn: (name: string) => uploadDataset(name, files, setSentBytes),
    onSuccess: async (datasetId) => {
      await queryClient.invalidateQueries({ queryKey: ['datasets'] });
      await navigate(`/datasets/${datasetId}`);
    },
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    upload.mutate(name || files[0].name);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    setFiles([...event.dataTransfer.files]);
  };

  return (
    <form className="card form upload" onSubmit={submit}>
      <h2>Upload light curves</h2>
      <label
        className={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <input
          type="file"
          name="files"
          multiple
          onChange={(event) => setFiles([...(event.target.files ?? [])])}
        />
        <span>
          {files.length === 0
            ? 'Drop FITS, CSV, TSV or ECSV files here (gzip too), or choose them'
            : `${files.length} file${files.length === 1 ? '' : 's'}, ${bytes(totalBytes)}`}
        </span>
      </label>
      <label>
        Name
        <input
          name="name"
          maxLength={200}
          placeholder={files[0]?.name ?? 'Sector 27, first batch'}
        />
      </label>
      {upload.isPending && (
        <Progress value={totalBytes ? (100 * sentBytes) / totalBytes : 0} label="Uploaded" />
      )}
      {upload.error && <Failure error={upload.error} />}
      <button type="submit" className="primary" disabled={files.length === 0 || upload.isPending}>
        {upload.isPending ? 'Uploading…' : 'Upload and validate'}
      </button>
    </form>
  );
}
