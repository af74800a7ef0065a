import { Controller, Get, NotFoundException, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as contract from '#contracts';
import { VERSION } from '#platform/config';
import { Public } from '../http/access.js';
import { Returns, ReturnsBytes } from '../http/returns.decorator.js';
import { type WebFile, WebPage } from './web-page.js';
import { WebPageMissingError } from './web.errors.js';

const ABOUT: contract.About = {
  name: 'Lightfold',
  version: VERSION,
  description: 'Finds planets in light curves, for teams: upload, search, vet, fit, decide.',
  links: {
    api: '/api/v1',
    docs: '/docs',
    redoc: '/redoc',
    openapi: '/openapi.json',
    health: '/health',
    metrics: '/metrics',
  },
};

/** Addresses that belong to programs: an unknown one is an error, never a page. */
const NOT_THE_PAGE = /^\/(api|ws|docs|redoc|openapi\.json|metrics|health|liveness|readiness)(\/|$)/;

@ApiTags('health')
@Controller()
@Public()
export class WebController {
  constructor(private readonly page: WebPage) {}

  @Get()
  @ApiOperation({ summary: 'What this is: the web page for browsers, name and links for programs' })
  @Returns(contract.about)
  root(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void reply.header('Vary', 'Accept, Accept-Encoding');
    if (wantsHtml(request) && this.page.index) send(this.page.index, request, reply);
    else void reply.send(contract.toWire(contract.about, ABOUT));
  }

  @Get('*')
  @ApiExcludeEndpoint()
  @ReturnsBytes('text/html')
  file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const [path] = request.url.split('?');
    const file = this.page.find(path);
    if (file) return send(file, request, reply);
    if (NOT_THE_PAGE.test(path) || path.startsWith('/assets/') || !wantsHtml(request)) {
      throw new NotFoundException(`Cannot GET ${path}`);
    }
    // The page itself knows what to show at its addresses.
    if (!this.page.index) throw new WebPageMissingError();
    send(this.page.index, request, reply);
  }
}

const wantsHtml = ({ headers }: FastifyRequest) => headers.accept?.includes('text/html') ?? false;

function send(file: WebFile, { headers }: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({
    'Content-Type': file.mediaType,
    ETag: file.etag,
    'Cache-Control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (!reply.hasHeader('Vary')) void reply.header('Vary', 'Accept-Encoding');
  if (headers['if-none-match']?.includes(file.etag)) {
    void reply.status(304).send();
  } else if (file.gzipped && /\bgzip\b/.test(headers['accept-encoding'] ?? '')) {
    void reply.header('Content-Encoding', 'gzip').send(file.gzipped);
  } else {
    void reply.send(file.bytes);
  }
}
