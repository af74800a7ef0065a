import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';

/** The app as a plan: its modules and routes, without connecting to anything. */
export const previewApp = (): Promise<NestFastifyApplication> =>
  NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
    preview: true,
    abortOnError: false,
    logger: false,
  });
