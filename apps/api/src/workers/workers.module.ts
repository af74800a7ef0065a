import { Module } from '@nestjs/common';
import { MessagingModule } from '#platform/messaging';
import { WorkersController } from './workers.controller.js';
import { WorkersRepository } from './workers.repository.js';
import { WorkersService } from './workers.service.js';

@Module({
  imports: [MessagingModule],
  controllers: [WorkersController],
  providers: [WorkersService, WorkersRepository],
})
export class WorkersModule {}
