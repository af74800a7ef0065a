import { availableParallelism, hostname } from 'node:os';
import type { Settings } from '#platform/config';

/** One thread per core, where nothing else was set. */
export const concurrencyOf = (settings: Settings): number =>
  settings.WORKER_CONCURRENCY ?? availableParallelism();

/**
 * Owner of this process's leases. Two processes must never share it: a name that was given gets the
 * process id as well, so that several workers may be started with one configuration.
 */
export const workerName = (settings: Settings): string =>
  `${settings.WORKER_NAME ?? hostname()}-${process.pid}`;

/** Whether it helps with others' long searches: a worker that is there for searches does. */
export const isHelper = (settings: Settings): boolean =>
  settings.SEARCH_SPLIT_SECONDS > 0 && settings.WORKER_QUEUES.includes('detection');
