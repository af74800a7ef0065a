export { type Answer, AnswerQueue } from './answer-queue.js';
export { Broker, type BrokerOptions, NotPublishedError } from './broker.js';
export { MessagingModule } from './messaging.module.js';
export { type Delivery, QueueConsumer } from './queue-consumer.js';
export { type ConsumedQueue, DELIVERY_LIMIT, type QueueStats, Topology } from './topology.js';
