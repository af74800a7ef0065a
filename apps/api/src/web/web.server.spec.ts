import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { get as httpGet } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, startApi, type TestApi } from '../../../../test/support/api.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';
import { WebPage } from './web-page.js';

const PAGE = '<!doctype html><div id="root"></div>';
const SCRIPT = `console.log(${JSON.stringify('light'.repeat(200))})`;
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the web page', () => {
  let folder: string;
  let api: TestApi;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'web-page-'));
    await mkdir(join(folder, 'page', 'assets'), { recursive: true });
    await writeFile(join(folder, 'page', 'index.html'), PAGE);
    await writeFile(join(folder, 'page', 'assets', 'index-a1b2.js'), SCRIPT);
    await writeFile(join(folder, 'secret.txt'), 'not for you');
    const settings = {
      WEB_ROOT: join(folder, 'page'),
      S3_PUBLIC_ENDPOINT: 'https://files.example',
    };
    api = await startApi(createApp, AppModule, settings);
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    call(api, 'GET', path, { headers });

  it('A.14 is at / for browsers; programs get name, version and links', async () => {
    const page = await get('/', BROWSER);
    expect([page.status, page.body]).toEqual([200, PAGE]);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('vary')).toContain('Accept');
    const about = await get('/', { accept: 'application/json' });
    expect(about.body).toMatchObject({
      name: 'Lightfold',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      links: { docs: '/docs', health: '/health' },
    });
    expect((await get('/')).body.name).toBe('Lightfold');
  });

  it('is shown at each of its own addresses', async () => {
    for (const path of ['/login', '/jobs/7', '/candidates?rl_action=accept']) {
      expect((await get(path, BROWSER)).body).toBe(PAGE);
    }
  });

  it('never answers for an address of the api that does not exist', async () => {
    for (const path of ['/api/v1/nothing', '/api', '/ws/me', '/assets/old.js', '/metrics/x']) {
      const { status, body } = await get(path, BROWSER);
      expect([path, status, body.type]).toEqual([path, 404, '/problems/not-found']);
    }
    expect((await get('/jobs/7', { accept: 'application/json' })).status).toBe(404);
  });

  it('has scripts that are kept for ever, compressed, and a page that is asked for anew', async () => {
    const script = await get('/assets/index-a1b2.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.body).toBe(SCRIPT);
    const raw = await rawGet(`${api.url}/assets/index-a1b2.js`, { 'accept-encoding': 'gzip' });
    expect(raw.headers['content-encoding']).toBe('gzip');
    expect(raw.bytes.length).toBeLessThan(SCRIPT.length / 4);
    expect(gunzipSync(raw.bytes).toString()).toBe(SCRIPT);
    const page = await get('/', BROWSER);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const etag = page.headers.get('etag')!;
    expect((await get('/', { ...BROWSER, 'if-none-match': etag })).status).toBe(304);
  });

  it('gives out what was built and nothing beside it', async () => {
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt']) {
      const { bytes } = await rawGet(api.url, {}, path);
      expect(bytes.toString()).not.toContain('not for you');
    }
  });

  it('may load from here and from the object store, and run no other script', async () => {
    const policy = (await get('/', BROWSER)).headers.get('content-security-policy') ?? '';
    const directives = new Map(
      policy.split(';').map((text) => {
        const [name, ...sources] = text.trim().split(/\s+/);
        return [name, sources];
      }),
    );
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toContain('https://files.example');
    expect(directives.get('img-src')).toContain('https://files.example');
    expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
  });
});

describe('WebPage', () => {
  it('is empty where nothing was built', async () => {
    const page = await WebPage.read('/nowhere/at/all');
    expect([page.index, page.find('/index.html')]).toEqual([null, null]);
  });
});

/** As it goes over the wire: fetch would unpack it, and tidy the path. */
function rawGet(url: string, headers: Record<string, string>, path?: string) {
  return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    httpGet(url, { headers, agent: false, ...(path ? { path } : {}) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}
