export { JobFeed, type JobFeedOptions, type JobSubscription } from './job-feed.js';
export { type JobListener, type WatchedEvent } from './job-watch.js';
export { RealtimeModule } from './realtime.module.js';
export { RedisAnnouncer } from './redis-announcer.js';
export { redisConnection, type RedisSettings } from './redis.js';
