import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { isSigned } from './signed-requests.mjs';

const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const secretOf = (key: string) => (key === ACCESS_KEY ? SECRET : undefined);

const client = new S3Client({
  endpoint: 'http://127.0.0.1:9000',
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
  requestChecksumCalculation: 'WHEN_REQUIRED',
});

const asked = (url: string, method = 'GET', headers = {}) => {
  const { host, pathname, search } = new URL(url);
  return { method, url: pathname + search, headers: { host, ...headers } };
};

describe('a signed request to the object store', () => {
  it('C.1 is recognised: the example of the Amazon S3 API Reference', () => {
    const url =
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
      '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    expect(isSigned(asked(url), secretOf)).toBe(true);
    expect(isSigned(asked(url.replace('test.txt', 'test.txs')), secretOf)).toBe(false);
    expect(isSigned(asked(url.replace('86400', '86401')), secretOf)).toBe(false);
    expect(isSigned(asked(url, 'DELETE'), secretOf)).toBe(false);
    expect(isSigned(asked(url), () => 'another secret')).toBe(false);
    expect(isSigned(asked(url), () => undefined)).toBe(false);
  });

  it('C.1 is recognised with the header of the same reference', () => {
    const request = {
      method: 'GET',
      url: '/test.txt',
      headers: {
        host: 'examplebucket.s3.amazonaws.com',
        range: 'bytes=0-9',
        'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        'x-amz-date': '20130524T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
          'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
          'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      },
    };
    expect(isSigned(request, secretOf)).toBe(true);
    const other = { ...request, headers: { ...request.headers, range: 'bytes=0-99' } };
    expect(isSigned(other, secretOf)).toBe(false);
  });

  it('C.10 binds a name with odd characters, and the length where it is signed', async () => {
    const key = "teams/a b/ü(1)'*!.fits";
    const get = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'bucket', Key: key }));
    expect(isSigned(asked(get), secretOf)).toBe(true);
    const put = await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket: 'bucket', Key: key, ContentLength: 5 }),
      { signableHeaders: new Set(['content-length']) },
    );
    expect(isSigned(asked(put, 'PUT', { 'content-length': '5' }), secretOf)).toBe(true);
    expect(isSigned(asked(put, 'PUT', { 'content-length': '6' }), secretOf)).toBe(false);
  });

  it('is not one that claims nothing, or nonsense', () => {
    const claims = [
      '/bucket/key',
      '/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256',
      '/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE',
      '/bucket/key?X-Amz-Signature=%',
    ];
    for (const url of claims) {
      expect(isSigned({ method: 'GET', url, headers: { host: 'a' } }, secretOf)).toBe(false);
    }
    const headers = { host: 'a', authorization: 'AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl' };
    expect(isSigned({ method: 'GET', url: '/bucket', headers }, secretOf)).toBe(false);
  });
});
