import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import amqp from 'amqplib';
import { Redis } from 'ioredis';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServices, type Services } from '../../scripts/services/index.mjs';

const STARTS_AND_DIES = fileURLToPath(new URL('services.dies.mjs', import.meta.url));

describe('the servers that Lightfold starts for itself', () => {
  let dataDir: string;
  let services: Services;

  beforeAll(async () => {
    dataDir = await openFolder('services');
    services = await startServices({ dataDir, ownServersOnly: true });
  });
  afterAll(async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps what PostgreSQL has committed when it is killed', async () => {
    await query(services, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)');
    await services.postgres.kill();
    await services.postgres.start();
    expect(await query(services, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('starts PostgreSQL again though a process of the killed one is slow to end', async () => {
    const client = new pg.Client({ connectionString: services.postgres.url });
    client.on('error', () => undefined);
    await client.connect();
    const slow = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(slow.rows[0].pid, 'SIGSTOP');
    await services.postgres.kill();
    const starting = services.postgres.start();
    await sleep(1500);
    process.kill(slow.rows[0].pid, 'SIGCONT');
    await starting;
    expect(await query(services, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('keeps durable messages when RabbitMQ is killed', async () => {
    await withChannel(services, async (channel) => {
      await channel.assertQueue('kept', { arguments: { 'x-queue-type': 'quorum' } });
      channel.sendToQueue('kept', Buffer.from('still here'), { persistent: true });
      await channel.waitForConfirms();
    });
    // Not the message but the list of quorum queues reaches the disk late, half a second after a
    // change (RabbitMQ 3.10, Ra's names.dets): a queue killed in the second it was made is lost.
    await sleep(1500);
    await services.rabbitmq.kill();
    await services.rabbitmq.start();
    await withChannel(services, async (channel) => {
      const message = await untilMessage(channel, 'kept');
      expect(message).toBe('still here');
    });
  });

  it('serves the same Redis, emptied, after a restart', async () => {
    const client = new Redis(services.redis.url, { lazyConnect: true });
    await client.set('gone', '1');
    client.disconnect();
    await services.redis.restart();
    const again = new Redis(services.redis.url);
    expect(await again.get('gone')).toBeNull();
    again.disconnect();
  });

  it('lets a browser of any origin upload and download by presigned URL', async () => {
    const client = s3(services);
    const target = { Bucket: services.env.S3_BUCKET, Key: 'team/curve.fits' };
    const put = await getSignedUrl(client, new PutObjectCommand(target), { expiresIn: 60 });
    const preflight = await fetch(put, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:8000',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const headers = { origin: 'http://localhost:8000', 'content-type': 'application/fits' };
    const uploaded = await fetch(put, { method: 'PUT', headers, body: 'SIMPLE  =' });
    expect(uploaded.status).toBe(200);
    expect(uploaded.headers.get('access-control-expose-headers')).toContain('ETag');
    expect(uploaded.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);

    await services.objectStore.kill();
    await services.objectStore.start();
    const get = await getSignedUrl(client, new GetObjectCommand(target), { expiresIn: 60 });
    expect(await (await fetch(get)).text()).toBe('SIMPLE  =');
    client.destroy();
  });

  it('refuses an upload that was signed with another key', async () => {
    const { S3_ENDPOINT: endpoint, S3_BUCKET: Bucket } = services.env;
    const stranger = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    });
    const url = await getSignedUrl(stranger, new PutObjectCommand({ Bucket, Key: 'a' }));
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
    stranger.destroy();
  });

  it('refuses to start a second time from the same folder', async () => {
    await expect(startServices({ dataDir, ownServersOnly: true })).rejects.toThrow(
      `Lightfold already runs from ${dataDir} (process ${process.pid})`,
    );
  });
});

describe('after a run that was killed', () => {
  it('leaves no process behind, and starts again from the same data', async () => {
    const dataDir = await openFolder('killed');
    const { pids } = await startAndDie(dataDir);
    expect(pids).toHaveLength(4);
    await expect.poll(() => pids.filter(isRunning), { timeout: 40_000 }).toEqual([]);
    const services = await startServices({ dataDir, ownServersOnly: true });
    expect(await query(services, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await services.stop();
    expect(await readdir(join(dataDir, 'run'))).toEqual([]);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('removes a temporary folder, too', async () => {
    const { pids, dataDir } = await startAndDie('');
    await expect.poll(() => pids.filter(isRunning), { timeout: 40_000 }).toEqual([]);
    await expect.poll(() => existsSync(dataDir), { timeout: 10_000 }).toBe(false);
  });
});

/** A folder that PostgreSQL's own user may pass through, as it must when the tests run as root. */
async function openFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `test-${name}-`));
  await chmod(folder, 0o711);
  return folder;
}

/** Starts the servers in another process, which is then killed; answers what it said. */
async function startAndDie(dataDir: string): Promise<{ pids: number[]; dataDir: string }> {
  const child = spawn(process.execPath, [STARTS_AND_DIES, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const signal = await new Promise((resolve) => child.once('close', (_, name) => resolve(name)));
  expect(signal).toBe('SIGKILL');
  return JSON.parse(output) as { pids: number[]; dataDir: string };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function query(services: Services, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: services.postgres.url });
  await client.connect();
  const result = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return result.rows;
}

async function withChannel(
  services: Services,
  use: (channel: amqp.ConfirmChannel) => Promise<void>,
): Promise<void> {
  const connection = await amqp.connect(services.rabbitmq.url);
  await use(await connection.createConfirmChannel());
  await connection.close();
}

/** A quorum queue elects its leader anew after a crash: the first answers may be empty. */
async function untilMessage(channel: amqp.ConfirmChannel, queue: string): Promise<string> {
  let text = '';
  await expect
    .poll(
      async () => {
        const message = await channel.get(queue, { noAck: true });
        if (message) text = message.content.toString();
        return text;
      },
      { timeout: 30_000 },
    )
    .not.toBe('');
  return text;
}

const s3 = ({ env }: Services) =>
  new S3Client({
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: env.S3_ACCESS_KEY, secretAccessKey: env.S3_SECRET_KEY },
  });
