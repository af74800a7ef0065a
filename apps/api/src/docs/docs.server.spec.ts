import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, startApi, type TestApi } from '../../../../test/support/api.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

describe('the documentation pages', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
  });
  afterAll(() => api.close());

  const get = (path: string) => call(api, 'GET', path);

  it('A.5 serve the OpenAPI document', async () => {
    const { status, headers, body } = await get('/openapi.json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body.openapi).toBe('3.1.0');
    expect(body.paths['/api/v1/upload/start'].post.operationId).toBe('Uploads_start');
  });

  it.each([['/docs'], ['/redoc']])(
    'A.10 A.16 E.13 %s reads it, with files of this origin alone and no script inside',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/html');
      const links = [...(body as string).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
      expect(links.length).toBeGreaterThan(0);
      for (const link of links) {
        expect(link).toMatch(/^\/docs\//);
        const asset = await get(link);
        expect(asset.status).toBe(200);
        expect(asset.headers.get('content-type')).toMatch(
          link.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
        );
        expect(asset.body.length).toBeGreaterThan(100);
        expect(asset.body).not.toContain('cdn.redoc.ly');
      }
      expect(body).not.toMatch(/<script>/);
    },
  );

  it('show no other file', async () => {
    for (const name of ['package.json', '..%2Fpackage.json', 'toString']) {
      expect((await get(`/docs/assets/${name}`)).status).toBe(404);
    }
  });

  it('explain every problem', async () => {
    const { body: list } = await get('/problems');
    expect(list).toContain('<a href="/problems/upload-incomplete">Upload is not complete</a>');
    const { status, headers, body } = await get('/problems/upload-incomplete');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    expect(body).toContain('<h2>What to do</h2>');
    expect((await get('/problems/no-such-problem')).body.type).toBe('/problems/not-found');
  });
});
