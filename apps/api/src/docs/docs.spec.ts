import 'reflect-metadata';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type Route, routesOf } from '../http/routes.js';
import { CONFIGURATION_FILE, configurationPage } from './configuration-page.js';
import { OPENAPI_FILE } from './docs-assets.js';
import { modelSchemas } from './model-schemas.js';
import { buildDocument } from './document.js';
import { previewApp } from './preview.js';
import { PROBLEMS_FOLDER } from './problem-pages.js';
import { ROOT_FOLDER } from './root-folder.js';

const REWRITE = 'is out of date: run "npm run openapi"';

describe('the documentation', () => {
  let routes: Route[];
  let document: OpenAPIObject;
  beforeAll(async () => {
    const app = await previewApp();
    routes = routesOf(app);
    document = buildDocument(app);
  });

  it('A.5 is the OpenAPI document that is committed', async () => {
    const committed = JSON.parse(await readFile(OPENAPI_FILE, 'utf8')) as unknown;
    expect(committed, `docs/openapi.json ${REWRITE}`).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('A.5 has every route but those of the pages themselves, with an answer and a guard', () => {
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const pages = /^\/(docs|redoc|problems|openapi\.json|\*)/;
    const expected = routes
      .filter(({ path }) => !pages.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const tags = new Set(document.tags!.map(({ name }) => name));
    expect(documented.sort()).toEqual([...expected, 'GET /ws/{id}'].sort());
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations)) {
        expect(operation.summary, `${path} has a summary`).toBeTruthy();
        expect(operation.tags, `${path} has a tag`).toHaveLength(1);
        expect(tags, `${operation.tags[0]} is described`).toContain(operation.tags[0]);
        expect(operation.security, `${path} says who may`).toBeDefined();
        expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
      }
    }
  });

  it('names only schemas that it has', () => {
    const text = JSON.stringify(document);
    const named = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path));
    expect(named.size).toBeGreaterThan(40);
    for (const path of named) {
      const found = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(found, path).toBeDefined();
    }
    const operationIds = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(operationIds).size).toBe(operationIds.length);
  });

  it('lets every route name its answer', () => {
    const silent = routes.filter(({ returns }) => returns === null);
    expect(silent.map(({ controller, handler }) => `${controller}.${handler}`)).toEqual([]);
  });

  it('B.38 lets every route but these ask who is calling', () => {
    const open = routes.filter(({ isPublic }) => isPublic);
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /',
      'GET /*',
      'POST /api/v1/auth/login',
      'POST /api/v1/auth/refresh',
      'POST /api/v1/auth/register',
      'GET /api/v1/health',
      'GET /docs',
      'GET /docs/assets/:name',
      'GET /docs/start.js',
      'GET /health',
      'GET /liveness',
      'GET /metrics',
      'GET /openapi.json',
      'GET /problems',
      'GET /problems/:slug',
      'GET /readiness',
      'GET /redoc',
    ]);
  });

  it('has a page for every problem that the code can answer', async () => {
    const sources = await sourcesBelow(new URL('apps/api/src/', ROOT_FOLDER));
    const job = new URL('libs/platform/src/jobs/', ROOT_FOLDER);
    const texts = [...sources, ...(await sourcesBelow(job))];
    const slugs = texts.flatMap((text) => [
      ...[...text.matchAll(/\bslug: '([\w-]+)'/g)].map(([, slug]) => slug),
      ...[...text.matchAll(/'\/problems\/([\w-]+)'/g)].map(([, slug]) => slug),
      ...[...text.matchAll(/^ +\d{3}: \['([\w-]+)', '/gm)].map(([, slug]) => slug),
    ]);
    const pages = (await readdir(PROBLEMS_FOLDER)).map((name) => name.replace(/\.md$/, ''));
    expect(slugs.length).toBeGreaterThan(25);
    expect([...new Set(slugs)].sort()).toEqual(pages.sort());
    for (const slug of pages) {
      const page = await readFile(new URL(`${slug}.md`, PROBLEMS_FOLDER), 'utf8');
      expect(page).toMatch(
        /^# .+\n\n`\d{3}` `\/problems\/[\w-]+`\n\n## What happened\n\n.+\n\n## What to do\n\n.+\n$/,
      );
      expect(page).toContain(`\`/problems/${slug}\``);
    }
  });

  it('E.14 has the JSON Schemas of the files of a model, as they are committed', async () => {
    expect(modelSchemas).toHaveLength(3);
    for (const { file, text } of modelSchemas) {
      expect(await readFile(file, 'utf8'), `${file.pathname} ${REWRITE}`).toBe(text);
    }
  });

  it('lists the settings that the code has', async () => {
    const committed = await readFile(CONFIGURATION_FILE, 'utf8');
    expect(committed, `docs/configuration.md ${REWRITE}`).toBe(configurationPage());
    expect(committed).toContain('| `S3_ENDPOINT` | Object store');
    expect(committed).not.toContain('change-me');
  });
});

async function sourcesBelow(folder: URL): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  return Promise.all(sources.map((name) => readFile(new URL(name, folder), 'utf8')));
}
