import { Module } from '@nestjs/common';
import { JobsModule } from '#platform/jobs';
import { AppModule } from './app.module.js';

/** The api as a process: beside its routes it carries messages to the broker and finds lost tasks. */
@Module({ imports: [AppModule, JobsModule] })
export class ApiProcessModule {}
