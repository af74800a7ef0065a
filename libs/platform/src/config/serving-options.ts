import type { SettingValues } from './setting-list.js';

/** How a process serves models. */
export function servingOptions(values: SettingValues) {
  return {
    defaultModel: values.DEFAULT_MODEL === 'auto' ? null : values.DEFAULT_MODEL,
    test: values.ENABLE_AB_TESTING
      ? { mode: values.AB_MODE, share: values.AB_CHALLENGER_SHARE }
      : null,
    cacheSize: values.CACHE_SIZE,
    batching: {
      maxRows: values.PREDICT_BATCH_ROWS,
      maxWaitMs: values.PREDICT_BATCH_WAIT_MS,
      maxQueuedRows: values.PREDICT_QUEUE_ROWS,
    },
  };
}
