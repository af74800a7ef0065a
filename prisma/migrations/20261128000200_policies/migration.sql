-- Policies that were learnt from a team's reviews, and which of them decides.
CREATE TABLE "decision_policies" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    -- Text, not JSON: the checksum is of its bytes.
    "body" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "reviews" INTEGER NOT NULL,
    "evaluation" JSONB NOT NULL,
    "made_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_policies_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "policy_switches" (
    "id" BIGSERIAL NOT NULL,
    "team_id" UUID NOT NULL,
    -- Null: the thresholds.
    "policy_id" UUID,
    "switched_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_switches_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "decision_policies_team_id_number_key" ON "decision_policies"("team_id", "number");
CREATE INDEX "policy_switches_team_id_id_idx" ON "policy_switches"("team_id", "id");

ALTER TABLE "decision_policies" ADD CONSTRAINT "decision_policies_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "decision_policies" ADD CONSTRAINT "decision_policies_made_by_fkey" FOREIGN KEY ("made_by") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "policy_switches" ADD CONSTRAINT "policy_switches_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "policy_switches" ADD CONSTRAINT "policy_switches_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "decision_policies"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "policy_switches" ADD CONSTRAINT "policy_switches_switched_by_fkey" FOREIGN KEY ("switched_by") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a search was decided by has to be there, as it was, when the search is made again.
CREATE TRIGGER decision_policies_stay BEFORE UPDATE ON "decision_policies"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_switches_stay BEFORE UPDATE ON "policy_switches"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What a decision was made of: other policies are judged by it later. Null: older than policies.
ALTER TABLE "candidates" ADD COLUMN "decided_by" JSONB;
-- Policies are learnt from the newest.
CREATE INDEX "candidates_team_id_created_at_id_idx" ON "candidates" ("team_id", "created_at", "id");
