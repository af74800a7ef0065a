/**
 * Whether a request to the object store was signed with the secret of the key that it names.
 *
 * AWS Signature Version 4, in a header or in the query ("Authenticating Requests: Using the
 * Authorization Header", "... Using Query Parameters", Amazon S3 API Reference). The body is taken
 * as announced: its hash is signed, not computed.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * @param {{ method: string, url: string, headers: Record<string, string | string[] | undefined> }} request
 *   as it came: `url` is path and query, undecoded
 * @param {(accessKey: string) => string | undefined} secretOf
 */
export function isSigned(request, secretOf) {
  const [path, query = ''] = request.url.split('?');
  const parameters = parametersOf(query);
  const claim = parameters && (claimOfHeader(request.headers) ?? claimOfQuery(parameters));
  if (!claim) return false;
  const [accessKey, date, region, service, end] = claim.credential.split('/');
  const secret = secretOf(accessKey);
  // What is not signed is not protected: the host, at least, has to be.
  if (!secret || end !== 'aws4_request' || !claim.signedHeaders.includes('host')) return false;

  const canonical = [
    request.method,
    path,
    canonicalQuery(parameters),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}`),
    '',
    claim.signedHeaders.join(';'),
    claim.contentHash,
  ].join('\n');
  const scope = [date, region, service, end].join('/');
  const text = [ALGORITHM, claim.time, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, end].reduce(hmac, `AWS4${secret}`);
  return isSame(hmac(key, text).toString('hex'), claim.signature);
}

function claimOfHeader(headers) {
  const fields = /^AWS4-HMAC-SHA256 +(.*)$/.exec(headers.authorization ?? '')?.[1];
  if (!fields) return null;
  const field = (name) => new RegExp(`(?:^|[, ])${name}=([^, ]+)`).exec(fields)?.[1] ?? '';
  return {
    credential: field('Credential'),
    signedHeaders: field('SignedHeaders').split(';'),
    signature: field('Signature'),
    time: headers['x-amz-date'],
    contentHash: headers['x-amz-content-sha256'],
  };
}

function claimOfQuery(parameters) {
  const one = (name) => parameters.find(([key]) => key === name)?.[1] ?? '';
  if (one('X-Amz-Algorithm') !== ALGORITHM) return null;
  return {
    credential: one('X-Amz-Credential'),
    signedHeaders: one('X-Amz-SignedHeaders').split(';'),
    signature: one('X-Amz-Signature'),
    time: one('X-Amz-Date'),
    contentHash: one('X-Amz-Content-Sha256') || 'UNSIGNED-PAYLOAD',
  };
}

/** Names and values, decoded; null where they cannot be. */
function parametersOf(query) {
  try {
    return query
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const [name, ...value] = part.split('=');
        return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
      });
  } catch {
    return null;
  }
}

const canonicalQuery = (parameters) =>
  parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');

const encoded = (text) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const canonicalValue = (value) =>
  String(value ?? '')
    .trim()
    .replace(/ +/g, ' ');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const isSame = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
