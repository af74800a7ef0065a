import { Module } from '@nestjs/common';
import { DocsAssets } from './docs-assets.js';
import { DocsController } from './docs.controller.js';
import { ProblemPages } from './problem-pages.js';

@Module({
  controllers: [DocsController],
  providers: [DocsAssets, ProblemPages],
})
export class DocsModule {}
