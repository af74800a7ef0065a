import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../http/access.js';
import { NotFoundError } from '../http/http.errors.js';
import { ReturnsBytes } from '../http/returns.decorator.js';
import { DocsAssets } from './docs-assets.js';
import { escaped, htmlOf } from './markdown.js';
import { plainPage, redocPage, swaggerPage, swaggerStart } from './pages.js';
import { ProblemPages } from './problem-pages.js';

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const aName = z.object({ name: z.string() });
const aSlug = z.object({ slug: z.string() });

/** What the api says of itself, for programs (OpenAPI) and for people. */
@ApiExcludeController()
@Controller()
@Public()
export class DocsController {
  constructor(
    private readonly assets: DocsAssets,
    private readonly problems: ProblemPages,
  ) {}

  @Get('openapi.json')
  @ReturnsBytes('application/json')
  @Header('Content-Type', 'application/json')
  openapi(): Promise<Buffer> {
    return this.assets.openapi();
  }

  @Get('docs')
  @ReturnsBytes('text/html')
  @Header('Content-Type', HTML)
  swagger(): string {
    return swaggerPage;
  }

  @Get('docs/start.js')
  @ReturnsBytes('text/javascript')
  @Header('Content-Type', SCRIPT)
  swaggerStart(): string {
    return swaggerStart;
  }

  @Get('redoc')
  @ReturnsBytes('text/html')
  @Header('Content-Type', HTML)
  redoc(): string {
    return redocPage;
  }

  @Get('docs/assets/:name')
  @ReturnsBytes('application/octet-stream')
  @Header('Cache-Control', 'public, max-age=86400')
  async asset(
    @Param({ schema: aName }) { name }: z.output<typeof aName>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const file = await this.assets.find(name);
    if (!file) throw new NotFoundError('file', name);
    void reply.type(name.endsWith('.css') ? 'text/css; charset=utf-8' : SCRIPT);
    return file;
  }

  @Get('problems')
  @ReturnsBytes('text/html')
  @Header('Content-Type', HTML)
  async listProblems(): Promise<string> {
    const items = (await this.problems.list()).map(
      ({ slug, title }) => `<li><a href="/problems/${slug}">${escaped(title)}</a></li>`,
    );
    return plainPage('Problems', `<h1>Problems</h1>\n<ul>\n${items.join('\n')}\n</ul>`);
  }

  @Get('problems/:slug')
  @ReturnsBytes('text/html')
  async problem(
    @Param({ schema: aSlug }) { slug }: z.output<typeof aSlug>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const markdown = await this.problems.find(slug);
    if (markdown === null) throw new NotFoundError('problem', slug);
    void reply.type(HTML);
    return plainPage(slug, htmlOf(markdown));
  }
}
