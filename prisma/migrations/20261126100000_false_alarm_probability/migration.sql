ALTER TABLE "candidates" ADD COLUMN "false_alarm_probability" DOUBLE PRECISION;
