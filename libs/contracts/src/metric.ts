/** Names of the exported metrics, each with the question that it answers. */
export const metrics = {
  httpRequestsTotal: {
    name: 'http_requests_total',
    help: 'How many requests were answered, by method, route and status?',
  },
  httpRequestDurationSeconds: {
    name: 'http_request_duration_seconds',
    help: 'How long do requests take, by method and route?',
  },
  validationQueueLength: {
    name: 'validation_queue_length',
    help: 'How many validation tasks wait for a worker?',
  },
  validationDurationSeconds: {
    name: 'validation_duration_seconds',
    help: 'How long does the validation of a file take?',
  },
  s3UploadCount: { name: 's3_upload_count', help: 'How many files were uploaded?' },
  s3UploadBytes: { name: 's3_upload_bytes', help: 'How many bytes were uploaded?' },
  concurrentUploads: {
    name: 'concurrent_uploads',
    help: 'How many uploads are under way at this moment?',
  },
  tasksTotal: {
    name: 'lightfold_tasks_total',
    help: 'How many tasks ended, by kind and outcome?',
  },
  taskDurationSeconds: {
    name: 'lightfold_task_duration_seconds',
    help: 'How long does a task take from claim to end, by kind?',
  },
  taskBacklog: {
    name: 'lightfold_task_backlog',
    help: 'How many tasks are queued or running, by kind and state? (Workers scale on it.)',
  },
  stageDurationSeconds: {
    name: 'lightfold_stage_duration_seconds',
    help: 'How long does each stage of the pipeline take?',
  },
  orphanedTasks: {
    name: 'lightfold_orphaned_tasks',
    help: 'How many unfinished tasks are in no queue and hold no live lease? Must be 0.',
  },
  outboxPending: {
    name: 'lightfold_outbox_pending',
    help: 'How many messages wait to be published?',
  },
  outboxPublishedTotal: {
    name: 'lightfold_outbox_published_total',
    help: 'How many messages did the broker confirm?',
  },
  leasesLostTotal: {
    name: 'lightfold_leases_lost_total',
    help: 'How many tasks did a worker lose to another, by kind?',
  },
  reapedTasksTotal: {
    name: 'lightfold_reaped_tasks_total',
    help: 'How many tasks were put back after their worker vanished?',
  },
  parkedTasksTotal: {
    name: 'lightfold_parked_tasks_total',
    help: 'How many tasks were given up after their attempts, by kind?',
  },
  brokerConnected: {
    name: 'lightfold_broker_connected',
    help: 'Is this process connected to the broker? (1 or 0)',
  },
  liveConnections: {
    name: 'lightfold_live_connections',
    help: 'How many clients watch live, by transport?',
  },
  searchShardsTotal: {
    name: 'lightfold_search_shards_total',
    help: 'Who solved the shards of long searches of this worker: itself, or helpers?',
  },
  shardRequestsTotal: {
    name: 'lightfold_shard_requests_total',
    help: "What became of others' requests to solve a shard here, by outcome?",
  },
  predictionsTotal: {
    name: 'predictions_total',
    help: 'How many predictions were asked for, by model, variant and outcome?',
  },
  predictionLatencySeconds: {
    name: 'prediction_latency_seconds',
    help: 'How long does a prediction take from request to answer, by kind of request?',
  },
  modelLoadTimeSeconds: {
    name: 'model_load_time_seconds',
    help: 'How long did the last load of a model take?',
  },
  activeModelsCount: {
    name: 'active_models_count',
    help: 'How many models are in the memory of this process?',
  },
  cacheHitsTotal: {
    name: 'cache_hits_total',
    help: 'How many predictions found their model in memory?',
  },
  cacheMissesTotal: {
    name: 'cache_misses_total',
    help: 'How many predictions had to load their model first?',
  },
  predictionRowsWaiting: {
    name: 'lightfold_prediction_rows_waiting',
    help: 'How many rows wait for a model at this moment?',
  },
  predictionsRefusedTotal: {
    name: 'lightfold_predictions_refused_total',
    help: 'How many predictions were turned away because too many waited?',
  },
  inputDriftTotal: {
    name: 'lightfold_input_drift_total',
    help: 'How many predictions had an input that their model has hardly seen in training, by model?',
  },
  shadowPredictionsTotal: {
    name: 'lightfold_shadow_predictions_total',
    help: 'How often does a challenger say the same as its champion, by model and verdict?',
  },
  candidatesTotal: {
    name: 'lightfold_candidates_total',
    help: 'How many candidates were stored, by decision?',
  },
} as const;
