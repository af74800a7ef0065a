-- What each model said of a candidate, and where it lies among others.
ALTER TABLE "candidates"
    ADD COLUMN "models" JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN "embedding" BYTEA,
    ADD COLUMN "embedding_sha256" TEXT;

-- Candidates are compared with those of their team whose embedding the same graph made.
CREATE INDEX "candidates_team_id_embedding_sha256_id_idx"
    ON "candidates" ("team_id", "embedding_sha256", "id");
