import { Injectable } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, Histogram } from 'prom-client';
import { metrics } from '#contracts';
import type { GraphCacheEvents } from '#inference';

type Kind = 'one' | 'batch' | 'all_models';

@Injectable()
export class PredictionMetrics {
  constructor(
    @InjectMetric(metrics.predictionsTotal.name)
    readonly predictions: Counter<'model' | 'variant' | 'outcome'>,
    @InjectMetric(metrics.predictionLatencySeconds.name)
    readonly latency: Histogram<'kind'>,
    @InjectMetric(metrics.modelLoadTimeSeconds.name) private readonly loadTime: Gauge,
    @InjectMetric(metrics.activeModelsCount.name) private readonly active: Gauge,
    @InjectMetric(metrics.cacheHitsTotal.name) private readonly hits: Counter,
    @InjectMetric(metrics.cacheMissesTotal.name) private readonly misses: Counter,
    @InjectMetric(metrics.predictionRowsWaiting.name) private readonly waiting: Gauge,
    @InjectMetric(metrics.predictionsRefusedTotal.name) readonly refused: Counter,
    @InjectMetric(metrics.inputDriftTotal.name) readonly drift: Counter<'model'>,
    @InjectMetric(metrics.shadowPredictionsTotal.name)
    readonly shadows: Counter<'model' | 'verdict'>,
  ) {
    this.active.set(0);
  }

  readonly cacheEvents: GraphCacheEvents = {
    hit: () => this.hits.inc(),
    miss: () => this.misses.inc(),
    loaded: (_, seconds) => this.loadTime.set(seconds),
    holds: (count) => this.active.set(count),
  };

  watchQueue(waitingRows: () => number): void {
    Object.assign(this.waiting, { collect: () => this.waiting.set(waitingRows()) });
  }

  /** @returns what to call when the answer is there */
  startTimer(kind: Kind): () => void {
    return this.latency.startTimer({ kind });
  }
}

export const predictionMetricProviders = [
  PredictionMetrics,
  makeCounterProvider({
    ...metrics.predictionsTotal,
    labelNames: ['model', 'variant', 'outcome'],
  }),
  makeHistogramProvider({
    ...metrics.predictionLatencySeconds,
    labelNames: ['kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  }),
  makeGaugeProvider({ ...metrics.modelLoadTimeSeconds }),
  makeGaugeProvider({ ...metrics.activeModelsCount }),
  makeCounterProvider({ ...metrics.cacheHitsTotal }),
  makeCounterProvider({ ...metrics.cacheMissesTotal }),
  makeGaugeProvider({ ...metrics.predictionRowsWaiting }),
  makeCounterProvider({ ...metrics.predictionsRefusedTotal }),
  makeCounterProvider({ ...metrics.inputDriftTotal, labelNames: ['model'] }),
  makeCounterProvider({ ...metrics.shadowPredictionsTotal, labelNames: ['model', 'verdict'] }),
];
