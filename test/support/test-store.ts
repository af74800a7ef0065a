import type { ObjectStoreOptions } from '#platform/storage';
import { setting } from './services.js';

/** The object store that the tests share. */
export const testStoreOptions = (): ObjectStoreOptions => ({
  S3_ENDPOINT: setting('S3_ENDPOINT'),
  S3_PUBLIC_ENDPOINT: undefined,
  S3_REGION: process.env.S3_REGION ?? 'us-east-1',
  S3_BUCKET: process.env.S3_BUCKET ?? 'lightfold',
  S3_ACCESS_KEY: setting('S3_ACCESS_KEY'),
  S3_SECRET_KEY: setting('S3_SECRET_KEY'),
  S3_FORCE_PATH_STYLE: true,
});
