/** The object store of the task bench, in a process of its own, and the files of its stars in it. */
import { openDataFolder } from '../../scripts/services/data-folder.mjs';
import { startObjectStore } from '../../scripts/services/object-store.mjs';

/** @returns {Promise<{ options: object, put(key: string, bytes: Uint8Array): Promise<void>, stop(): Promise<void> }>} */
export async function startStore(say) {
  const { ObjectStore } = await import('#platform/storage');
  const folder = await openDataFolder(null, say);
  const { path: dataDir, secrets } = folder;
  const server = await startObjectStore({ dataDir, secrets });
  const options = { ...server.env, S3_PUBLIC_ENDPOINT: undefined, S3_FORCE_PATH_STYLE: true };
  const store = new ObjectStore(options);
  return {
    options,
    put: (key, bytes) => store.put(key, bytes, 'application/octet-stream'),
    async stop() {
      store.close();
      await server.stop();
      await folder.close({ keep: false });
    },
  };
}

/** Stores the files of some stars of one kind. @returns what a task is told of them */
export async function upload(store, star, count, filesOf) {
  const uploads = [];
  for (let number = 0; number < count; number++) {
    const files = [];
    for (const { filename, bytes, sha256 } of filesOf(star, number)) {
      const objectKey = `uploads/${star.name}/${filename}`;
      await store.put(objectKey, bytes);
      files.push({ filename, objectKey, sizeBytes: bytes.length, announcedSha256: sha256 });
    }
    uploads.push(files);
  }
  return uploads;
}
