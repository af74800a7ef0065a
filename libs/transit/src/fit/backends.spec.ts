import { describe, expect, it } from 'vitest';
import { axisRatioFromDensity, transitFlux } from '../transit-model.js';
import type { FitRequest } from './adapter.js';
import { localFitter } from './local.js';
import { MOCK_MESSAGE, mockFitter } from './mock.js';
import { remoteFitter, type FetchLike } from './remote.js';

function aRequest(): FitRequest {
  const periodDays = 5;
  const timeDays = Float64Array.from({ length: 3000 }, (_, i) => i * 0.01);
  const flux = transitFlux(
    {
      periodDays,
      t0Days: 1,
      radiusRatio: 0.1,
      impact: 0.2,
      axisRatio: axisRatioFromDensity(periodDays, 1.41),
      limbDarkening: [0.4, 0.2],
    },
    timeDays,
    0.01,
  );
  return {
    curve: {
      timeDays,
      flux,
      fluxError: new Float64Array(3000).fill(1e-4),
      segment: new Uint16Array(3000),
      timeOffsetDays: 2457000,
      exposureDays: Float64Array.of(0.01),
    },
    signal: {
      periodDays,
      t0Days: 1,
      durationHours: 3.6,
      depthPpm: 10_000,
      whiteSnr: 300,
      snr: 200,
      score: 200,
      sde: 30,
      transitsObserved: 6,
      transitsExpected: 6,
      aliases: [],
    },
    star: { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772 },
    mission: 'TESS',
  };
}

const answerOf =
  (value: unknown): FetchLike =>
  async () => ({
    ok: true,
    status: 200,
    json: async () => value,
  });

const goodAnswer = {
  success: true,
  message: 'Sampled 4000 steps.',
  period_days: { value: 5.0001, error: 1e-5 },
  t0_days: { value: 1.0002, error: 1e-4 },
  radius_ratio: { value: 0.101, error: 0.001 },
  impact: { value: 0.25, error: null },
  axis_ratio: { value: 12.3, error: 0.2 },
  duration_hours: { value: 3.4, error: 0.02 },
  depth_ppm: { value: 11_800, error: 40 },
  stellar_density: { value: 1.4, error: 0.1 },
  inclination_deg: 88.8,
  chi2: 400,
  degrees_of_freedom: 390,
};

describe('remoteFitter', () => {
  it('B.22 sends the points around the transits and reads the answer', async () => {
    const sent: { url: string; body: Record<string, unknown> }[] = [];
    const fitter = remoteFitter('http://fit.example/fit', async (url, init) => {
      expect(init.method).toBe('POST');
      sent.push({ url, body: JSON.parse(init.body) as Record<string, unknown> });
      return { ok: true, status: 200, json: async () => goodAnswer };
    });
    const fit = await fitter.fit(aRequest());
    const { url, body } = sent[0];
    expect(url).toBe('http://fit.example/fit');
    expect(body).toMatchObject({
      period_days: 5,
      duration_hours: 3.6,
      mission: 'TESS',
      star: { radius_sun: 1, logg: null },
    });
    const times = body.time_days as number[];
    expect(times.length).toBe((body.flux as number[]).length);
    expect(times.every((time) => Math.abs(((time + 1.5) % 5) - 2.5) < 0.23)).toBe(true);
    expect(fit).toMatchObject({ backend: 'remote', success: true, message: 'Sampled 4000 steps.' });
    expect(fit.radiusRatio).toEqual({ value: 0.101, error: 0.001 });
    expect(fit.impact.error).toBeNaN();
    expect(fit.planetRadiusEarth?.value).toBeCloseTo(0.101 * 109.076, 8);
    expect(fit.folded.model.length).toBe(fit.folded.flux.length);
    expect(fit.folded.model.some((value) => value < 0.99)).toBe(true);
  });

  it.each([
    ['no object', 'nonsense', 'the answer is not an object'],
    ['a missing field', { ...goodAnswer, impact: undefined }, 'impact is not an object'],
    ['a text for a number', { ...goodAnswer, chi2: '400' }, 'chi2 is not a number'],
    [
      'an impossible orbit',
      { ...goodAnswer, axis_ratio: { value: 0.5, error: 1 } },
      'axisRatio must be greater than 1, not 0.5',
    ],
    [
      'a transit longer than the orbit',
      { ...goodAnswer, duration_hours: { value: 130, error: 1 } },
      'duration_hours 130 does not fit the period',
    ],
  ])("B.44 reports %s without success, with the search's values", async (_, answer, reason) => {
    const fit = await remoteFitter('http://x/', answerOf(answer)).fit(aRequest());
    expect(fit.success).toBe(false);
    expect(fit.message).toBe(`The fit service's answer cannot be used: ${reason}.`);
    expect(fit.periodDays.value).toBe(5);
  });

  it('passes on why the service found no fit', async () => {
    const answer = { success: false, message: 'Chains did not mix.' };
    const fit = await remoteFitter('http://x/', answerOf(answer)).fit(aRequest());
    expect(fit).toMatchObject({
      success: false,
      message: 'Chains did not mix.',
      backend: 'remote',
    });
  });

  it('reports a service that is away or refuses', async () => {
    const away: FetchLike = () => Promise.reject(new Error('connect ECONNREFUSED'));
    expect((await remoteFitter('http://x/', away).fit(aRequest())).message).toBe(
      'The fit service could not be asked: connect ECONNREFUSED.',
    );
    const refusing: FetchLike = async () => ({ ok: false, status: 503, json: async () => ({}) });
    expect((await remoteFitter('http://x/', refusing).fit(aRequest())).message).toBe(
      'The fit service answered with status 503.',
    );
  });
});

describe('mockFitter', () => {
  it('B.27 echoes the search and says that it is a mock, always the same', () => {
    const fit = mockFitter.fit(aRequest());
    expect(fit).toMatchObject({ backend: 'mock', success: true, message: MOCK_MESSAGE });
    expect(fit.depthPpm).toEqual({ value: 10_000, error: NaN });
    expect(fit.radiusRatio.value).toBeCloseTo(0.1, 12);
    expect(fit.durationHours.value).toBe(3.6);
    expect(mockFitter.fit(aRequest())).toEqual(fit);
  });
});

describe('backends', () => {
  it('B.27 answer the same request in the same form', async () => {
    const remote = await remoteFitter('http://x/', answerOf(goodAnswer)).fit(aRequest());
    const fields = (fit: object) => Object.keys(fit).sort();
    expect(fields(localFitter.fit(aRequest()))).toEqual(fields(mockFitter.fit(aRequest())));
    expect(fields(remote)).toEqual(fields(mockFitter.fit(aRequest())));
  });
});
