export { type Announcer, silentAnnouncer } from './announcer.js';
export { type Carrier } from './carrier.js';
export { createJob, type NewJob, type NewTask } from './create-job.js';
export { appendEvent, type JobEventBody, type TaskEpochs } from './job-events.js';
export { type Backlog, type CancelOutcome, JobsStore, type ReplayOutcome } from './jobs-store.js';
export {
  type ClaimedTask,
  type HeartbeatAnswer,
  type Lease,
  LeaseLostError,
  type LeaseOptions,
  Leases,
  type TaskOutcome,
  type TaskProgress,
} from './leases.js';
export { CANCELLED_CHANNEL, Notifications, OUTBOX_CHANNEL } from './notifications.js';
export { leastUuid7, uuid7 } from './uuid7.js';
export { JobMetrics } from './job-metrics.js';
export { JobsModule, leaseOptions } from './jobs.module.js';
export { OutboxRelay } from './outbox-relay.js';
export { type Reaped, Reaper } from './reaper.js';
