/** A failed task is tried again at once, and every event is told. */
export const LEASES = {
  leaseSeconds: 30,
  maxAttempts: 3,
  retryBackoffSeconds: 0,
  eventIntervalSeconds: 0,
};
