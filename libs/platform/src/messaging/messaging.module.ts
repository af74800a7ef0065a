import { Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { hostname } from 'node:os';
import { Settings } from '../config/settings.js';
import { Logger } from '../telemetry/logger.js';
import { Broker } from './broker.js';

/** The connection that publishes. A consumer takes one of its own: an alarm blocks publishers. */
@Module({
  providers: [
    {
      provide: Broker,
      inject: [Settings, Logger],
      useFactory: (settings: Settings, logger: Logger) =>
        new Broker(
          {
            url: settings.BROKER_URL,
            queuePrefix: settings.QUEUE_PREFIX,
            name: `lightfold publisher ${hostname()} ${process.pid}`,
          },
          logger,
        ),
    },
  ],
  exports: [Broker],
})
export class MessagingModule implements OnModuleInit, OnModuleDestroy {
  constructor(private readonly broker: Broker) {}

  onModuleInit(): void {
    this.broker.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.broker.close();
  }
}
