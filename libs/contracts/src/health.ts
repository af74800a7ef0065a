import { z } from 'zod';
import { type Domain, instant } from './wire.js';

export const dependencyHealth = z.object({
  status: z.enum(['up', 'down']),
  latency_ms: z.number().nullable(),
  message: z.string().optional(),
});

export const health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptime_seconds: z.number(),
  dependencies: z.record(z.string(), dependencyHealth),
  system: z.object({
    cpu_count: z.number().int(),
    load_average: z.array(z.number()),
    memory_total_bytes: z.number(),
    memory_free_bytes: z.number(),
    process_rss_bytes: z.number(),
    process_cpu_share: z.number().describe('Of one core, since the start'),
    event_loop_lag_ms: z.number(),
  }),
});
export type Health = Domain<z.output<typeof health>>;

export const probe = z.object({
  status: z.enum(['ok', 'not_ready']),
  message: z.string().optional(),
});
export type Probe = Domain<z.output<typeof probe>>;

export const about = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  links: z.record(z.string(), z.string()),
});
export type About = Domain<z.output<typeof about>>;

export const workersStatus = z.object({
  workers: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      kind: z.string(),
      queues: z.array(z.string()),
      capacity: z.number().int(),
      running: z
        .array(z.object({ task_id: z.uuid(), stage: z.string(), progress: z.number() }))
        .describe("Your team's tasks; `busy` counts all"),
      busy: z.number().int(),
      last_heartbeat_at: instant(),
      version: z.string(),
    }),
  ),
  broker: z.enum(['up', 'down']).describe('down: `ready` counts the tasks that are to be sent'),
  queues: z.array(
    z.object({
      name: z.string(),
      ready: z.number().int().describe('Messages that wait for a worker'),
      unacked: z.number().int().describe('Tasks under way'),
      dead: z.number().int().describe('Messages set aside by the broker'),
      parked: z
        .number()
        .int()
        .describe('Tasks of your team that were given up and can be replayed'),
    }),
  ),
});
export type WorkersStatus = Domain<z.output<typeof workersStatus>>;
