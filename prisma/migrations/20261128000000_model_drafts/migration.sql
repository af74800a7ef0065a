-- What a version takes of its team's storage: announced with its draft, and kept once it is registered.
ALTER TABLE "model_versions" ADD COLUMN "size_bytes" BIGINT NOT NULL DEFAULT 0;

-- A signed URL may put an object back after it was deleted: it is deleted again when no URL is left.
ALTER TABLE "object_deletions"
    ADD COLUMN "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
