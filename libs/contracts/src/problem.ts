import { z } from 'zod';

/** RFC 9457. `type` is `/problems/<slug>`; further members belong to the slug. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .optional()
    .describe('With 422: each fault of the request, by JSON pointer'),
});
export type Problem = z.output<typeof problem>;
