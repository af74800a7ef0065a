import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Settings } from '../config/settings.js';
import { Logger } from './logger.js';

/** Logs and metrics. `GET /metrics` comes with it, by the app's own controller where it has one. */
@Global()
@Module({})
export class TelemetryModule {
  static forApp(app: string, controller?: Type): DynamicModule {
    return {
      module: TelemetryModule,
      imports: [
        PrometheusModule.register({
          path: '/metrics',
          defaultLabels: { app },
          ...(controller && { controller }),
        }),
      ],
      providers: [
        {
          provide: Logger,
          inject: [Settings],
          useFactory: (settings: Settings) =>
            new Logger({ app, level: settings.LOG_LEVEL, format: settings.LOG_FORMAT }),
        },
      ],
      exports: [Logger],
    };
  }
}
