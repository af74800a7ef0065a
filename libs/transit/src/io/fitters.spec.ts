import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { detectAsync } from '../detect.js';
import { simulate } from '../simulate.js';
import type { TargetResult } from '../types.js';
import { fitterOf, type FitterChoice } from './fitters.js';

const segments = simulate({
  seed: 2,
  noisePpm: 100,
  planets: [{ periodDays: 6.3, t0Days: 133.1, radiusRatio: 0.05 }],
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A fit service on loopback. @returns its address, and the requests that it got. */
async function service(answer: (request: Record<string, unknown>) => string | null) {
  const requests: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      requests.push(JSON.parse(text) as Record<string, unknown>);
      const body = answer(requests.at(-1)!);
      if (body === null) return; // hangs
      response.setHeader('content-type', 'application/json');
      response.end(body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/fit`, requests };
}

const goodAnswer = (request: Record<string, unknown>) => {
  const estimate = (value: unknown) => ({ value, error: 0.01 });
  return JSON.stringify({
    success: true,
    message: 'fitted elsewhere',
    period_days: estimate(request.period_days),
    t0_days: estimate(request.t0_days),
    radius_ratio: estimate(0.0512),
    impact: estimate(0.1),
    axis_ratio: estimate(14),
    duration_hours: estimate(request.duration_hours),
    depth_ppm: estimate(request.depth_ppm),
    stellar_density: estimate(1.4),
    inclination_deg: 89.6,
    chi2: 100,
    degrees_of_freedom: 98,
  });
};

const run = (
  choice: Omit<FitterChoice, 'maxRequestBytes'> & Partial<FitterChoice>,
): Promise<TargetResult> =>
  detectAsync(segments, { maxPlanets: 1, falseAlarmTrials: 0 }, () => {}, {
    fitter: fitterOf({ maxRequestBytes: 1_000_000, ...choice }),
  });

describe('fitterOf', () => {
  it('B.22 asks the service at its address for every fit, and takes its answer', async () => {
    const { url, requests } = await service(goodAnswer);
    const { candidates } = await run({ first: 'remote', url, timeoutSeconds: 5 });
    expect(candidates[0].fit).toMatchObject({ backend: 'remote', success: true });
    expect(candidates[0].fit.radiusRatio.value).toBe(0.0512);
    expect(requests).toHaveLength(1);
    expect((requests[0].time_days as number[]).length).toBeGreaterThan(50);
  });

  it('B.27 compares two backends on the same transits, side by side', async () => {
    const { url } = await service(goodAnswer);
    const choice = { first: 'local', second: 'remote', url, timeoutSeconds: 5 } as const;
    const [{ fit, decision }] = (await run(choice)).candidates;
    expect(fit.backend).toBe('local');
    expect(fit.compared).toMatchObject({ backend: 'remote', success: true });
    const [alone] = (await run({ first: 'local', timeoutSeconds: 5 })).candidates;
    expect({ ...fit, compared: undefined }).toEqual({ ...alone.fit, compared: undefined });
    expect(decision).toEqual(alone.decision);
  });

  it('B.44 keeps the candidate, for a human to look at, while the service is away', async () => {
    const choice = { first: 'remote', url: 'http://127.0.0.1:9/fit', timeoutSeconds: 5 } as const;
    const [{ fit, decision, signal }] = (await run(choice)).candidates;
    expect(fit).toMatchObject({ backend: 'remote', success: false });
    expect(fit.message).toContain('could not be asked');
    expect(fit.periodDays.value).toBeCloseTo(signal.periodDays, 9);
    expect(decision.action).toBe('human_review');
  });

  it('B.22 gives up a service that hangs, and one that sends without end', async () => {
    const hanging = await service(() => null);
    const hung = await run({ first: 'remote', url: hanging.url, timeoutSeconds: 0.2 });
    expect(hung.candidates[0].fit.message).toContain('could not be asked');
    const flooding = await service(() => `"${'x'.repeat(1_100_000)}"`);
    const flooded = await run({ first: 'remote', url: flooding.url, timeoutSeconds: 5 });
    expect(flooded.candidates[0].fit.message).toContain('longer than 1000000 bytes');
  });

  it('B.22 sends no request that is longer than it may be, and names the setting', async () => {
    const { url, requests } = await service(goodAnswer);
    const choice = { first: 'remote', url, timeoutSeconds: 5, maxRequestBytes: 2000 } as const;
    const [{ fit }] = (await run(choice)).candidates;
    expect(fit.success).toBe(false);
    expect(fit.message).toMatch(
      /^The fit service could not be asked: the request of \d+ bytes is longer than TRANSIT_FITTER_MAX_REQUEST_BYTES \(2000\)\.$/,
    );
    expect(requests).toHaveLength(0);
  });

  it('B.27 says of a mock that it is one, and accepts nothing that rests on it', async () => {
    const [{ fit, decision }] = (await run({ first: 'mock', timeoutSeconds: 5 })).candidates;
    expect(fit.message).toContain('mock');
    expect(decision.action).not.toBe('accept');
  });
});
