-- How far a training is, in its own measure: epoch, total_epochs, metrics.
ALTER TABLE "tasks" ADD COLUMN "epochs" JSONB;

-- What the training of a version found; null: it was not trained here.
ALTER TABLE "model_versions" ADD COLUMN "training_report" JSONB;
