import type { Predict, PredictBatch, PredictionPayload } from '#contracts';

/** A request for one input, as a worker takes it. */
export const payloadOf = (request: Predict): PredictionPayload => ({
  model: request.model,
  asked: request.returnAllModels ? 'all_models' : 'one',
  inputs: [request.inputs ?? request.features!],
  subject: request.subject,
  return_probabilities: request.returnProbabilities,
});

/** A request for many inputs, as a worker takes it. */
export const batchPayload = (request: PredictBatch): PredictionPayload => ({
  model: request.model,
  asked: 'batch',
  inputs: request.samples ?? request.predictions!,
  return_probabilities: request.returnProbabilities,
});
