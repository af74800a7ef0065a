export { bullOptions, HOUSEKEEPING_QUEUE, QueuesModule, REPORTS_QUEUE } from './queues.module.js';
