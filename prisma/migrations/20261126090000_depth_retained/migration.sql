ALTER TABLE "candidates" ADD COLUMN "depth_retained" DOUBLE PRECISION;
