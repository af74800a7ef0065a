import { Module } from '@nestjs/common';
import { fileURLToPath } from 'node:url';
import { Settings } from '#platform/config';
import { Logger } from '#platform/telemetry';
import { WebPage } from './web-page.js';
import { WebController } from './web.controller.js';

/** Comes last among the modules: its route takes every address that no other one has. */
@Module({
  controllers: [WebController],
  providers: [
    {
      provide: WebPage,
      inject: [Settings, Logger],
      useFactory: async (settings: Settings, logger: Logger) => {
        const root = settings.WEB_ROOT ?? builtPage();
        const page = await WebPage.read(root);
        if (!page.index) logger.warn({ root }, 'The web page is not built');
        return page;
      },
    },
  ],
})
export class WebModule {}

/** dist/apps/web of this checkout or image, from source and from dist alike. */
function builtPage(): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.slice(0, here.lastIndexOf('apps')).replace(/dist[\\/]$/, '');
  return `${root}dist/apps/web`;
}
