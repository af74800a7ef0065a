import { Module } from '@nestjs/common';
import { ArrivalsService } from './arrivals.service.js';
import { uploadMetricProviders } from './upload-metrics.js';
import { UploadTargetsService } from './upload-targets.service.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsRepository } from './uploads.repository.js';
import { UploadsService } from './uploads.service.js';

@Module({
  controllers: [UploadsController],
  providers: [
    UploadsService,
    UploadTargetsService,
    ArrivalsService,
    UploadsRepository,
    ...uploadMetricProviders,
  ],
})
export class UploadsModule {}
