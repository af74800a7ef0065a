export { Broker, type BrokerOptions, NotPublishedError } from './broker.js';
export { MessagingModule } from './messaging.module.js';
export { type Delivery, QueueConsumer } from './queue-consumer.js';
export { DELIVERY_LIMIT, type QueueStats, Topology } from './topology.js';
