import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answer, fromWire, instant, request, toWire } from './wire.js';

describe('wire', () => {
  const schema = z.object({
    job_id: z.string(),
    created_at: instant(),
    plots: z.record(z.string(), z.string()),
    tasks: z.array(z.object({ is_done: z.boolean().optional() })),
    next_one: z.object({ depth_ppm: z.number() }).nullable(),
  });
  const inside = {
    jobId: 'a',
    createdAt: new Date(0),
    plots: { odd_even: 'x', lightCurve: 'y' },
    tasks: [{ isDone: true }, {}],
    nextOne: { depthPpm: 3 },
  };
  const outside = {
    job_id: 'a',
    created_at: '1970-01-01T00:00:00.000Z',
    plots: { odd_even: 'x', lightCurve: 'y' },
    tasks: [{ is_done: true }, {}],
    next_one: { depth_ppm: 3 },
  };

  it('shows camelCase as snake_case, leaves the keys of records alone, writes dates in UTC', () => {
    expect(toWire(schema, inside)).toEqual(outside);
  });

  it('drops what the contract does not show', () => {
    expect(toWire(schema, { ...inside, passwordHash: 'secret' })).toEqual(outside);
  });

  it('reads snake_case as camelCase with the defaults of the schema', () => {
    const parser = request(
      z.strictObject({ min_period_days: z.number().default(0.5), name: z.string() }),
    );
    expect(parser.parse({ name: 'a' })).toEqual({ minPeriodDays: 0.5, name: 'a' });
  });

  it('reads an answer back as it was before it went out', () => {
    expect(answer(schema, outside)).toEqual(inside);
  });

  it('refuses a misspelt field by its name', () => {
    const parser = request(z.strictObject({ min_period_days: z.number() }));
    const result = parser.safeParse({ min_period: 1, min_period_days: 1 });
    expect(result.error?.issues[0]).toMatchObject({ keys: ['min_period'] });
  });

  it('chooses the member of a union by its literals', () => {
    const either = z.union([
      z.object({ method: z.literal('PUT'), content_url: z.string() }),
      z.object({ method: z.literal('MULTIPART'), part_size: z.number() }),
    ]);
    expect(toWire(either, { method: 'MULTIPART', partSize: 5 })).toEqual({
      method: 'MULTIPART',
      part_size: 5,
    });
    expect(fromWire(either, { method: 'PUT', content_url: 'u' })).toEqual({
      method: 'PUT',
      contentUrl: 'u',
    });
  });

  it('leaves vectors of plain values as they are, and renames what is within others', () => {
    const vectors = z.object({
      all_values: z.array(z.number()),
      by_name: z.record(z.string(), z.number()),
    });
    const inside = { allValues: [1, 2], byName: { a_b: 1 } };
    const shown = toWire(vectors, inside) as { all_values: number[]; by_name: object };
    expect(shown).toEqual({ all_values: [1, 2], by_name: { a_b: 1 } });
    expect(shown.all_values).toBe(inside.allValues);
    expect(shown.by_name).toBe(inside.byName);
    const moments = z.array(z.union([z.iso.datetime(), z.number()]));
    expect(toWire(moments, [new Date(0), 1])).toEqual(['1970-01-01T00:00:00.000Z', 1]);
  });
});
