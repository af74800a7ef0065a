import { describeObjectStore } from './storage.contract.js';

/**
 * Runs with whatever store the environment names. `S3_STORE_IS_STRICT=true` says that it checks
 * signatures and lists parts: MinIO, versitygw, SeaweedFS, S3.
 */
const environment = (name: string) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with "npm test"`);
  return value;
};

describeObjectStore('the object store', {
  options: {
    S3_ENDPOINT: environment('S3_ENDPOINT'),
    S3_PUBLIC_ENDPOINT: undefined,
    S3_REGION: environment('S3_REGION'),
    S3_BUCKET: environment('S3_BUCKET'),
    S3_ACCESS_KEY: environment('S3_ACCESS_KEY'),
    S3_SECRET_KEY: environment('S3_SECRET_KEY'),
    S3_FORCE_PATH_STYLE: true,
  },
  isStrict: process.env.S3_STORE_IS_STRICT === 'true',
});
