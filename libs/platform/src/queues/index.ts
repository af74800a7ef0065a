export { bullOptions, HOUSEKEEPING_QUEUE, QueuesModule, REPORTS_QUEUE } from './queues.module.js';
export { TaskQueue, type TaskQueueConsumer } from './task-queue.js';
