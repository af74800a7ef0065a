import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { z } from 'zod';
import { VERSION } from '#platform/config';
import { type Route, routesOf } from '../http/routes.js';
import { components, parametersOf, schemaFor } from './schemas.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const DESCRIPTION = `Finds planets in light curves, for teams: upload, search, vet, fit, decide.

Everything but registering, logging in and the probes needs \`Authorization: Bearer <access token>\`
or \`X-API-Key\`. Lists take \`limit\` and \`cursor\` and answer \`{items, next_cursor}\`. Times are
ISO 8601 in UTC. Every failure is a problem document (RFC 9457): its \`type\` leads to a page that
says what happened and what to do. A POST may carry an \`Idempotency-Key\`: sent again, it is
answered as before and done once. \`429\` and \`503\` say in \`Retry-After\` when to come back.`;

const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['teams', 'Accounts, tokens, api keys and members'],
  ['upload', 'Files go straight to the object store, by signed URLs'],
  ['datasets', 'What was uploaded, and what its validation says'],
  ['detection', 'Searches for transits'],
  ['jobs', 'Work under way, and its events'],
  ['results', 'Candidates, plots, reports and comparisons'],
  ['reviews', 'What people say of candidates'],
  ['policies', 'Who decides on candidates: thresholds, or what was learnt from reviews'],
  ['models', 'Versions of models, and which of them serve'],
  ['predictions', 'What models say of inputs'],
  ['training', 'Models made of tables'],
  ['workers', 'Who works, and what waits'],
  ['health', 'For operators'],
];

/** The OpenAPI 3.1 document of all routes; also of an app that was made for a preview only. */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Lightfold')
    .setVersion(VERSION)
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'api_key');
  TAGS.forEach(([name, description]) => config.addTag(name, description));
  const document = SwaggerModule.createDocument(app, config.build(), {
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '')}_${method}`,
    autoTagControllers: false,
    standardSchemaConverter: (schema) => ({ schema: parametersOf(schema as z.ZodType) }),
  });

  const routes = routesOf(app);
  for (const route of routes) {
    const operation = operationOf(document, route);
    if (operation) describe(operation, route);
  }
  document.paths['/ws/{id}'] = liveSocket();
  const bodies = new Set(routes.flatMap(({ body }) => (body ? [body] : [])));
  document.components = {
    ...document.components,
    schemas: components(bodies) as NonNullable<OpenAPIObject['components']>['schemas'],
    responses: { Problem: PROBLEM },
    parameters: { IdempotencyKey: IDEMPOTENCY_KEY },
  };
  return inOrder(document);
}

const PROBLEM = {
  description: 'A problem, by RFC 9457',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'A repetition with the same key is answered as before, for a day, and done once',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function operationOf(document: OpenAPIObject, { path, method }: Route): Operation | undefined {
  const template = path.replace(/:(\w+)/g, '{$1}');
  return document.paths[template]?.[method.toLowerCase() as 'get'];
}

/** What decorators say of a route goes where OpenAPI has it. */
function describe(operation: Operation, route: Route): void {
  operation.security = route.isPublic ? [] : [{ bearer: [] }, { api_key: [] }];
  if (route.body) {
    operation.requestBody = {
      required: true,
      content: { 'application/json': { schema: schemaFor(route.body) } },
    };
    const isBody = (parameter: object) => 'in' in parameter && parameter.in === 'body';
    operation.parameters = operation.parameters?.filter((parameter) => !isBody(parameter));
  }
  if (typeof route.returns === 'object' && route.returns) {
    for (const response of Object.values(operation.responses)) {
      Object.assign(response as object, {
        content: { 'application/json': { schema: schemaFor(route.returns) } },
      });
    }
  }
  if (route.method === 'POST' && !route.isPublic && route.keepsAnswer) {
    operation.parameters = [
      ...(operation.parameters ?? []),
      { $ref: '#/components/parameters/IdempotencyKey' },
    ];
  }
  for (const status of failuresOf(operation, route)) {
    operation.responses[status] ??= { $ref: '#/components/responses/Problem' };
  }
}

function failuresOf(operation: Operation, route: Route): string[] {
  const takesInput = route.body !== null || (operation.parameters ?? []).length > 0;
  return [
    ...(route.isPublic ? [] : ['401', '429']),
    ...(route.roles ? ['403'] : []),
    ...(route.path.includes(':') ? ['404'] : []),
    ...(route.method === 'GET' || route.isPublic ? [] : ['409']),
    ...(takesInput ? ['422'] : []),
    'default',
  ];
}

/** A WebSocket is no route of a controller, and OpenAPI has no word for its messages. */
function liveSocket(): OpenAPIObject['paths'][string] {
  return {
    get: {
      operationId: 'Live_connect',
      tags: ['jobs'],
      summary: 'WebSocket: jobs as they happen',
      description:
        'The client sends `ClientMessage`, the server `JobEvent` and `{"type":"pong"}`. `id` is a ' +
        'name of the client, or a job to follow from the start. `subscribe_task` with `after` ' +
        'replays what came after that `seq`.',
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
        {
          name: 'access_token',
          in: 'query',
          required: false,
          description: 'Where the client cannot set a header',
          schema: { type: 'string' },
        },
      ],
      security: [{ bearer: [] }, { api_key: [] }],
      responses: {
        '101': { description: 'Switching Protocols' },
        default: { $ref: '#/components/responses/Problem' },
      },
    },
  };
}

/** Paths by name: the order in which modules are wired says nothing. */
function inOrder(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.fromEntries(
    Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { ...document, paths };
}
