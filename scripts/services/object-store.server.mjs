/** The process behind object-store.mjs: s3rver with our keys, one bucket, and CORS for browsers. */
import { createRequire } from 'node:module';
import { isSigned } from './signed-requests.mjs';

const require = createRequire(import.meta.url);
const S3rver = require('s3rver');
const Account = require('s3rver/lib/models/account.js');

// A browser uploads and downloads by presigned URL; a multipart upload has to read each part's ETag.
const CORS = `<?xml version="1.0" encoding="UTF-8"?>
<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <CORSRule>
    <AllowedOrigin>*</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <AllowedMethod>HEAD</AllowedMethod>
    <AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>*</AllowedHeader>
    <ExposeHeader>ETag</ExposeHeader>
    <MaxAgeSeconds>3000</MaxAgeSeconds>
  </CORSRule>
</CORSConfiguration>`;

const { STORE_HOST, STORE_PORT, STORE_FOLDER, STORE_BUCKET, STORE_ACCESS_KEY, STORE_SECRET_KEY } =
  process.env;

const account = Account.DUMMY_ACCOUNT;
account.revokeAccessKey('S3RVER'); // its built-in key is known to everybody
account.createKeyPair(STORE_ACCESS_KEY, STORE_SECRET_KEY);

const store = new S3rver({
  address: STORE_HOST,
  port: Number(STORE_PORT),
  directory: STORE_FOLDER,
  vhostBuckets: false,
  silent: true,
  configureBuckets: [{ name: STORE_BUCKET, configs: [CORS] }],
});

// It serves whoever asks, and believes any signature. Only a browser's question about CORS is free.
store.middleware.unshift((context, next) => {
  const secretOf = (key) => (key === STORE_ACCESS_KEY ? STORE_SECRET_KEY : undefined);
  if (context.method === 'OPTIONS' || isSigned(context.req, secretOf)) return next();
  context.status = 403;
  context.type = 'application/xml';
  context.body = '<Error><Code>AccessDenied</Code><Message>Not signed by us.</Message></Error>';
});
await store.run();

process.once('SIGTERM', () => {
  store.httpServer.closeAllConnections();
  process.exit(0);
});
