/** An S3 object store in a process of its own, with one bucket that a browser may talk to. */
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.mjs';
import { launch } from './processes.mjs';
import { untilReady } from './wait.mjs';

const SERVER = fileURLToPath(new URL('object-store.server.mjs', import.meta.url));
const REGION = 'us-east-1';
const BUCKET = 'lightfold';

export async function startObjectStore({
  dataDir,
  secrets,
  preferredPort,
  host = '127.0.0.1',
  bucket = BUCKET,
}) {
  const port = await freePort(preferredPort);
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = join(dataDir, 'objects');
  mkdirSync(folder, { recursive: true });
  const env = {
    S3_ENDPOINT: endpoint,
    S3_PUBLIC_ENDPOINT: process.env.S3_PUBLIC_ENDPOINT ?? endpoint,
    S3_REGION: REGION,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY: secrets.s3AccessKey,
    S3_SECRET_KEY: secrets.s3SecretKey,
    S3_FORCE_PATH_STYLE: 'true',
  };
  let child;
  const start = async () => {
    child = await launch({
      name: 'object-store',
      command: process.execPath,
      args: [SERVER],
      env: {
        PATH: process.env.PATH,
        STORE_HOST: host,
        STORE_PORT: String(port),
        STORE_FOLDER: folder,
        STORE_BUCKET: bucket,
        STORE_ACCESS_KEY: secrets.s3AccessKey,
        STORE_SECRET_KEY: secrets.s3SecretKey,
      },
      dataDir,
      order: 60,
      graceSeconds: 5,
    });
    await untilReady(child, () => ensureBucket(env), { what: 'The object store', seconds: 60 });
  };
  await start();
  return {
    env,
    url: endpoint,
    get pid() {
      return child.pid;
    },
    stop: () => child.stop(),
    kill: () => child.kill(),
    start,
    async restart() {
      await child.stop();
      await start();
    },
    remove() {},
  };
}

/** The bucket of these settings, made if it is not there and if we may. */
export async function ensureBucket(env) {
  const client = new S3Client({
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    forcePathStyle: env.S3_FORCE_PATH_STYLE !== 'false',
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: env.S3_ACCESS_KEY, secretAccessKey: env.S3_SECRET_KEY },
    maxAttempts: 1,
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket: env.S3_BUCKET }));
  } catch (error) {
    if (error.$metadata?.httpStatusCode !== 404) throw error;
    await client.send(new CreateBucketCommand({ Bucket: env.S3_BUCKET }));
  } finally {
    client.destroy();
  }
  return true;
}
