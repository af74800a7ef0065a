/** What the thread that searches needs of the models: no framework, no runtime, no files. */
export {
  candidateClassifier,
  type CandidateModel,
  type CandidateModels,
  networkLogOdds,
} from './candidate-classifier.js';
