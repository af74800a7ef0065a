/** A database, queues and keys of a test's own on the shared servers, and workers that use them. */
import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { queueNames } from '#contracts';
import { type PrismaDatabase } from '#platform/prisma';
import { createJob, JobsStore, silentAnnouncer } from '#platform/jobs';
import { ObjectStore } from '#platform/storage';
import { createTestDatabase } from './database.js';
import { setting } from './services.js';
import { testStoreOptions } from './test-store.js';
import { aValidation } from './job-rows.js';
import { type ObjectProxy, startObjectProxy } from './object-proxy.js';
import { aTeam } from './rows.js';
import { startWorker, type WorkerProcess } from './worker-process.js';

export interface WorkerWorld {
  readonly database: PrismaDatabase;
  readonly teamId: string;
  readonly store: ObjectStore;
  readonly jobs: JobsStore;
  /** Between the workers and the object store. */
  readonly proxy: ObjectProxy;
  readonly queuePrefix: string;
  readonly redisUrl: string;
  startWorker(env?: Record<string, string>): Promise<WorkerProcess>;
  /** Stores files and queues their validation. */
  validate(
    files: readonly { filename: string; bytes: Uint8Array; sha256?: string; sizeBytes?: number }[],
    kind?: 'light_curve' | 'table',
  ): Promise<Awaited<ReturnType<typeof aValidation>> & { keys: string[] }>;
  /** Queues a search of one target per file. */
  detect(datasetId: string, fileIds: readonly string[], params?: object): Promise<string>;
  close(): Promise<void>;
}

export async function aWorkerWorld(env: Record<string, string> = {}): Promise<WorkerWorld> {
  const { database, url: databaseUrl, drop } = await createTestDatabase();
  const proxy = await startObjectProxy(setting('S3_ENDPOINT'));
  const queuePrefix = `test-${randomUUID()}-`;
  const brokerUrl = env.BROKER_URL ?? setting('BROKER_URL');
  const redisUrl = env.REDIS_URL ?? setting('REDIS_URL');
  const store = new ObjectStore(testStoreOptions());
  const teamId = (await aTeam(database)).id;
  const workers: WorkerProcess[] = [];

  return {
    database,
    teamId,
    store,
    jobs: new JobsStore(database, silentAnnouncer),
    proxy,
    queuePrefix,
    redisUrl,
    async startWorker(more = {}) {
      const worker = await startWorker({
        DATABASE_URL: databaseUrl,
        BROKER_URL: brokerUrl,
        REDIS_URL: redisUrl,
        QUEUE_PREFIX: queuePrefix,
        S3_ENDPOINT: proxy.url,
        ...env,
        ...more,
      });
      workers.push(worker);
      return worker;
    },
    async validate(files, kind) {
      const keys = files.map(() => `teams/${teamId}/uploads/${randomUUID()}`);
      for (const [i, file] of files.entries()) {
        await store.put(keys[i], file.bytes, 'application/octet-stream');
      }
      const rows = files.map(({ filename, bytes, sha256, sizeBytes }, i) => ({
        filename,
        sizeBytes: sizeBytes ?? bytes.length,
        sha256: sha256 ?? createHash('sha256').update(bytes).digest('hex'),
        objectKey: keys[i],
      }));
      return { ...(await aValidation(database, teamId, rows, kind)), keys };
    },
    async detect(datasetId, fileIds, params = {}) {
      const { jobId } = await database.inTransaction((client) =>
        createJob(client, {
          teamId,
          datasetId,
          type: 'detection',
          params,
          requestId: 'request-1',
          tasks: fileIds.map((fileId, i) => ({
            target: `Target ${i + 1}`,
            payload: { file_ids: [fileId] },
          })),
        }),
      );
      return jobId;
    },
    async close() {
      for (const worker of workers) worker.signal('SIGKILL');
      await Promise.all(workers.map((worker) => worker.ended));
      store.close();
      await proxy.close();
      await forgetQueues(brokerUrl, redisUrl, queuePrefix).catch(() => undefined);
      await drop();
    },
  };
}

async function forgetQueues(brokerUrl: string, redisUrl: string, prefix: string): Promise<void> {
  const connection = await connect(brokerUrl);
  const channel = await connection.createChannel();
  for (const name of queueNames) {
    await channel.deleteQueue(`${prefix}${name}`);
    await channel.deleteQueue(`${prefix}${name}.dead`);
  }
  await channel.deleteQueue(`${prefix}shards`);
  await connection.close();
  const redis = new Redis(redisUrl);
  const keys = await redis.keys(`{${prefix}lightfold}*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}
