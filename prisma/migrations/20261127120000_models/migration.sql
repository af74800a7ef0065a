-- Models by name, their versions, the history of their aliases, and what they predicted.
CREATE TABLE "models" (
    "id" UUID NOT NULL,
    "team_id" UUID,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "model_versions" (
    "id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "metadata" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "registered_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_versions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "model_alias_moves" (
    "id" BIGSERIAL NOT NULL,
    "model_id" UUID NOT NULL,
    "alias" TEXT NOT NULL,
    "version_id" UUID,
    "moved_by" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_alias_moves_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "predictions" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "request_id" TEXT,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "model_sha256" TEXT NOT NULL,
    "input_schema" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "output" JSONB NOT NULL,
    "drift" JSONB NOT NULL DEFAULT '[]',
    "variant" TEXT NOT NULL,
    "shadow" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "predictions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "models_team_id_name_key" ON "models"("team_id", "name");
-- Null is no value to a unique index: the platform's own models need one of their own.
CREATE UNIQUE INDEX "models_platform_name_key" ON "models"("name") WHERE "team_id" IS NULL;
CREATE UNIQUE INDEX "model_versions_model_id_version_key" ON "model_versions"("model_id", "version");
CREATE INDEX "model_versions_expires_at_idx" ON "model_versions"("expires_at");
CREATE INDEX "model_alias_moves_model_id_id_idx" ON "model_alias_moves"("model_id", "id");
CREATE INDEX "predictions_team_id_created_at_id_idx" ON "predictions"("team_id", "created_at", "id");
CREATE INDEX "predictions_created_at_idx" ON "predictions"("created_at");

ALTER TABLE "models" ADD CONSTRAINT "models_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_alias_moves" ADD CONSTRAINT "model_alias_moves_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_alias_moves" ADD CONSTRAINT "model_alias_moves_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "model_versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was written into the history stays as it was written.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed, only added to', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER model_alias_moves_stay BEFORE UPDATE ON "model_alias_moves"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- A registered version is what it is.
CREATE TRIGGER model_versions_stay BEFORE UPDATE ON "model_versions"
  FOR EACH ROW WHEN (OLD.registered_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

-- Whoever keeps models in memory hears of a change.
CREATE FUNCTION ring_models() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY lightfold_models;
  RETURN NULL;
END
$$;
CREATE TRIGGER model_versions_ring AFTER INSERT OR UPDATE OR DELETE ON "model_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION ring_models();
CREATE TRIGGER model_alias_moves_ring AFTER INSERT OR DELETE ON "model_alias_moves"
  FOR EACH STATEMENT EXECUTE FUNCTION ring_models();
