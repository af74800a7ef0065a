import { addAbortSignal, type Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type BucketLocationConstraint,
  type ListPartsOutput,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Settings } from '../config/settings.js';
import {
  MultipartRefusedError,
  ObjectNotFoundError,
  StorageUnavailableError,
} from './storage.errors.js';

/** What a store is made of; plain data, so that a worker thread can be handed it. */
export type ObjectStoreOptions = Readonly<
  Pick<
    Settings,
    | 'S3_ENDPOINT'
    | 'S3_PUBLIC_ENDPOINT'
    | 'S3_REGION'
    | 'S3_BUCKET'
    | 'S3_ACCESS_KEY'
    | 'S3_SECRET_KEY'
    | 'S3_FORCE_PATH_STYLE'
  >
>;

/** Picks a store's options out of all settings. */
export const objectStoreOptions = (settings: ObjectStoreOptions): ObjectStoreOptions => ({
  S3_ENDPOINT: settings.S3_ENDPOINT,
  S3_PUBLIC_ENDPOINT: settings.S3_PUBLIC_ENDPOINT,
  S3_REGION: settings.S3_REGION,
  S3_BUCKET: settings.S3_BUCKET,
  S3_ACCESS_KEY: settings.S3_ACCESS_KEY,
  S3_SECRET_KEY: settings.S3_SECRET_KEY,
  S3_FORCE_PATH_STYLE: settings.S3_FORCE_PATH_STYLE,
});

export interface StoredObject {
  readonly sizeBytes: number;
  /** Without its quotation marks. */
  readonly etag: string;
}

export interface ObjectContent {
  /** The bytes as they arrive; leaving the loop early closes the connection. */
  readonly stream: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

export interface StoredPart extends UploadedPart {
  readonly sizeBytes: number;
}

export interface PresignedPut {
  readonly url: string;
  /** The client sends exactly these: they are part of the signature. */
  readonly headers: Readonly<Record<string, string>>;
}

/** S3 deletes at most this many keys by one request. */
const KEYS_PER_DELETE = 1000;

/**
 * An S3 bucket. Clients upload and download by presigned URL, which name the public endpoint; our
 * own traffic takes the internal one.
 *
 * @throws {StorageUnavailableError} from every method that talks to the store, when it does not
 * answer or answers that it cannot.
 */
export class ObjectStore {
  private readonly bucket: string;
  private readonly client: S3Client;
  /** Only signs, never connects; made when there is something to sign. */
  private signing: S3Client | undefined;

  constructor(private readonly options: ObjectStoreOptions) {
    this.bucket = options.S3_BUCKET;
    this.client = clientFor(options, options.S3_ENDPOINT);
  }

  private get signer(): S3Client {
    const { S3_PUBLIC_ENDPOINT, S3_ENDPOINT } = this.options;
    this.signing ??= clientFor(this.options, S3_PUBLIC_ENDPOINT ?? S3_ENDPOINT);
    return this.signing;
  }

  /**
   * A URL that takes one PUT of exactly `sizeBytes`: the length is signed, so a store that checks
   * signatures refuses any other.
   */
  async presignPut(
    key: string,
    put: { sizeBytes: number; contentType: string; expiresSeconds: number },
  ): Promise<PresignedPut> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      ContentLength: put.sizeBytes,
      ContentType: put.contentType,
    });
    const url = await getSignedUrl(this.signer, command, {
      expiresIn: put.expiresSeconds,
      signableHeaders: new Set(['host', 'content-length', 'content-type']),
    });
    return {
      url,
      headers: { 'Content-Type': put.contentType, 'Content-Length': String(put.sizeBytes) },
    };
  }

  /** Begins an upload in parts; answers the store's id for it. */
  async createMultipart(key: string, contentType: string): Promise<string> {
    const created = await this.send(
      'begin a multipart upload',
      new CreateMultipartUploadCommand({ Bucket: this.bucket, Key: key, ContentType: contentType }),
    );
    return created.UploadId!;
  }

  /** A URL that takes one part of exactly `sizeBytes`; parts count from 1. */
  presignPart(
    key: string,
    multipartId: string,
    part: { partNumber: number; sizeBytes: number; expiresSeconds: number },
  ): Promise<string> {
    const command = new UploadPartCommand({
      Bucket: this.bucket,
      Key: key,
      UploadId: multipartId,
      PartNumber: part.partNumber,
      ContentLength: part.sizeBytes,
    });
    return getSignedUrl(this.signer, command, {
      expiresIn: part.expiresSeconds,
      signableHeaders: new Set(['host', 'content-length']),
    });
  }

  /**
   * The parts that arrived, in order; null where the upload is over: complete or aborted. A store
   * that cannot list parts answers as if none had arrived.
   */
  async listParts(key: string, multipartId: string): Promise<StoredPart[] | null> {
    const parts: StoredPart[] = [];
    let marker: string | undefined;
    do {
      const command = new ListPartsCommand({
        Bucket: this.bucket,
        Key: key,
        UploadId: multipartId,
        PartNumberMarker: marker,
      });
      const listed = await this.client.send(command).catch((cause: unknown) => {
        const { status } = answerOf(cause);
        if (status === 404) return null;
        if (status === 405 || status === 501) return { Parts: [], IsTruncated: false };
        throw new StorageUnavailableError('list parts', { cause });
      });
      if (!listed) return null;
      for (const part of listed.Parts ?? []) {
        parts.push({
          partNumber: part.PartNumber!,
          etag: unquoted(part.ETag!),
          sizeBytes: part.Size!,
        });
      }
      marker = listed.IsTruncated ? (listed as ListPartsOutput).NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  }

  /**
   * Makes one object of the parts, which may come in any order.
   *
   * @throws {MultipartRefusedError} when a part is missing or another one, and when the upload is
   * over: `head` tells the two apart.
   */
  async completeMultipart(
    key: string,
    multipartId: string,
    parts: readonly UploadedPart[],
  ): Promise<void> {
    const inOrder = parts.toSorted((a, b) => a.partNumber - b.partNumber);
    const command = new CompleteMultipartUploadCommand({
      Bucket: this.bucket,
      Key: key,
      UploadId: multipartId,
      MultipartUpload: {
        Parts: inOrder.map(({ partNumber, etag }) => ({
          PartNumber: partNumber,
          ETag: `"${unquoted(etag)}"`,
        })),
      },
    });
    try {
      await this.client.send(command);
    } catch (cause) {
      const { status, code } = answerOf(cause);
      if (status !== undefined && status < 500)
        throw new MultipartRefusedError(key, code, { cause });
      throw new StorageUnavailableError('complete a multipart upload', { cause });
    }
  }

  /** Drops the parts of an upload; one that is over already is fine. */
  async abortMultipart(key: string, multipartId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({
      Bucket: this.bucket,
      Key: key,
      UploadId: multipartId,
    });
    await this.send('abort a multipart upload', command, [404, 405, 501]);
  }

  async head(key: string, abortSignal?: AbortSignal): Promise<StoredObject | null> {
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: key });
    const found = await this.send('look at an object', command, [404], abortSignal);
    return found ? { sizeBytes: found.ContentLength!, etag: unquoted(found.ETag!) } : null;
  }

  /**
   * @param abortSignal ends the stream too, wherever it is
   * @throws {ObjectNotFoundError}
   */
  async get(key: string, abortSignal?: AbortSignal): Promise<ObjectContent> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key });
    const found = await this.send('read an object', command, [404], abortSignal);
    if (!found) throw new ObjectNotFoundError(key);
    const stream = found.Body as unknown as Readable;
    if (abortSignal) {
      // Who reads at that moment gets the error; nobody may be reading.
      stream.on('error', () => undefined);
      addAbortSignal(abortSignal, stream);
    }
    return { stream, sizeBytes: found.ContentLength! };
  }

  /** Stores an object, or replaces it; an abort gives up, and the object may be there or not. */
  async put(
    key: string,
    bytes: Uint8Array,
    contentType: string,
    abortSignal?: AbortSignal,
  ): Promise<StoredObject> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: bytes,
      ContentType: contentType,
      ContentLength: bytes.byteLength,
    });
    const stored = await this.send('store an object', command, undefined, abortSignal);
    return { sizeBytes: bytes.byteLength, etag: unquoted(stored.ETag!) };
  }

  /** Deletes objects; those that are not there are fine. */
  async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += KEYS_PER_DELETE) {
      const command = new DeleteObjectsCommand({
        Bucket: this.bucket,
        Delete: {
          Quiet: true,
          Objects: keys.slice(start, start + KEYS_PER_DELETE).map((Key) => ({ Key })),
        },
      });
      const deleted = await this.send('delete objects', command);
      const refused = deleted.Errors?.filter((error) => error.Code !== 'NoSuchKey') ?? [];
      if (refused.length > 0) {
        const first = `${refused[0].Key}: ${refused[0].Code}`;
        throw new StorageUnavailableError(`delete ${refused.length} object(s) (${first})`);
      }
    }
  }

  /** A URL from which the object can be downloaded, under `filename` where one is given. */
  presignGet(
    key: string,
    get: { expiresSeconds: number; filename?: string; contentType?: string },
  ): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.bucket,
      Key: key,
      ResponseContentType: get.contentType,
      ResponseContentDisposition: get.filename && attachment(get.filename),
    });
    return getSignedUrl(this.signer, command, { expiresIn: get.expiresSeconds });
  }

  /** Resolves when the bucket can be reached. */
  async ping(): Promise<void> {
    await this.send('be reached', new HeadBucketCommand({ Bucket: this.bucket }));
  }

  /**
   * Makes the bucket if it is missing, and lets browsers of any origin use presigned URLs: the URL
   * itself is the permission. Where we may not change the bucket, it is left as it is.
   */
  async ensureBucket(): Promise<{ readonly created: boolean; readonly corsIsSet: boolean }> {
    const bucket = { Bucket: this.bucket };
    const region = this.options.S3_REGION;
    let created = false;
    if (!(await this.send('look at the bucket', new HeadBucketCommand(bucket), [404]))) {
      const location = region === 'us-east-1' ? undefined : (region as BucketLocationConstraint);
      const create = new CreateBucketCommand({
        ...bucket,
        CreateBucketConfiguration: location && { LocationConstraint: location },
      });
      // 409: another process was faster.
      created = (await this.send('create the bucket', create, [409])) !== null;
    }
    const cors = new PutBucketCorsCommand({
      ...bucket,
      CORSConfiguration: {
        CORSRules: [
          {
            AllowedOrigins: ['*'],
            AllowedMethods: ['GET', 'HEAD', 'PUT'],
            AllowedHeaders: ['*'],
            ExposeHeaders: ['ETag'],
            MaxAgeSeconds: 3000,
          },
        ],
      },
    });
    const corsIsSet = await this.client.send(cors).then(
      () => true,
      () => false,
    );
    return { created, corsIsSet };
  }

  /** Closes the connections. */
  close(): void {
    this.client.destroy();
    this.signing?.destroy();
  }

  /** Sends a command; null where the store answers with one of `absent`. */
  private async send<Output>(
    operation: string,
    command: SentBy<Output>,
    absent?: undefined,
    abortSignal?: AbortSignal,
  ): Promise<Output>;
  private async send<Output>(
    operation: string,
    command: SentBy<Output>,
    absent: readonly number[],
    abortSignal?: AbortSignal,
  ): Promise<Output | null>;
  private async send<Output>(
    operation: string,
    command: SentBy<Output>,
    absent: readonly number[] = [],
    abortSignal?: AbortSignal,
  ): Promise<Output | null> {
    try {
      return (await this.client.send(command as never, { abortSignal })) as Output;
    } catch (cause) {
      const { status } = answerOf(cause);
      if (status !== undefined && absent.includes(status)) return null;
      throw new StorageUnavailableError(operation, { cause });
    }
  }
}

/** A command whose answer is `Output`, as far as the SDK's types can tell. */
interface SentBy<Output> {
  resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: Output }>;
}

function clientFor(options: ObjectStoreOptions, endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: options.S3_REGION,
    forcePathStyle: options.S3_FORCE_PATH_STYLE,
    credentials: {
      accessKeyId: options.S3_ACCESS_KEY,
      secretAccessKey: options.S3_SECRET_KEY,
    },
    // Else a presigned PUT carries the checksum of an empty body, and strict stores refuse the file.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  });
}

function answerOf(error: unknown): { status: number | undefined; code: string } {
  const { $metadata, name } = error as { $metadata?: { httpStatusCode?: number }; name?: string };
  return { status: $metadata?.httpStatusCode, code: name ?? 'Error' };
}

const unquoted = (etag: string) => etag.replace(/^(W\/)?"|"$/g, '');

/** RFC 6266: the plain name for old clients, the exact one beside it. */
function attachment(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(filename).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
