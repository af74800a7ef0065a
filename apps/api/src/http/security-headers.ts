import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '#platform/config';

/**
 * Headers that keep a browser from doing what our pages never ask for. Scripts come from this
 * origin only; the web page also talks to the object store, where files go and plots come from.
 */
export async function setSecurityHeaders(
  app: NestFastifyApplication,
  settings: Settings,
): Promise<void> {
  const store = new URL(settings.S3_PUBLIC_ENDPOINT ?? settings.S3_ENDPOINT).origin;
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"], // ReDoc and Swagger UI write style elements
        imgSrc: ["'self'", 'data:', 'blob:', store],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", 'ws:', 'wss:', store],
        workerSrc: ["'self'", 'blob:'], // ReDoc searches in a worker
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
