import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge } from 'prom-client';
import { metrics } from '#contracts';
import { type Upload, UploadsRepository } from './uploads.repository.js';

@Injectable()
export class UploadMetrics {
  constructor(
    @InjectMetric(metrics.s3UploadCount.name) private readonly files: Counter<'kind'>,
    @InjectMetric(metrics.s3UploadBytes.name) private readonly bytes: Counter<'kind'>,
    @InjectMetric(metrics.concurrentUploads.name) open: Gauge,
    uploads: UploadsRepository,
  ) {
    // Every process tells the number of all of them: a dashboard takes the largest.
    Object.assign(open, {
      collect: async () => open.set(await uploads.countOpen().catch(() => NaN)),
    });
  }

  countCompleted({ kind, files }: Upload): void {
    this.files.inc({ kind }, files.length);
    this.bytes.inc(
      { kind },
      files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
  }
}

export const uploadMetricProviders = [
  UploadMetrics,
  makeCounterProvider({ ...metrics.s3UploadCount, labelNames: ['kind'] }),
  makeCounterProvider({ ...metrics.s3UploadBytes, labelNames: ['kind'] }),
  makeGaugeProvider({ ...metrics.concurrentUploads }),
];
