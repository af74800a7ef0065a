import { Module } from '@nestjs/common';
import { ModelsModule as ModelsStoreModule } from '#platform/models';
import { PredictionsModule } from '../predictions/predictions.module.js';
import { ModelsController } from './models.controller.js';
import { DraftFilesService } from './draft-files.service.js';
import { ModelsService } from './models.service.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';

@Module({
  imports: [PredictionsModule, ModelsStoreModule],
  controllers: [ModelsController, RegistrationController],
  providers: [ModelsService, RegistrationService, DraftFilesService],
  exports: [ModelsService],
})
export class ModelsModule {}
