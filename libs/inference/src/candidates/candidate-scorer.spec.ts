/** With the models that come with the platform: what the pipeline is promised. */
import { afterAll, describe, expect, it } from 'vitest';
import { BUNDLED_MODELS } from '#platform/config';
import { type ClassifierInput, detect, formulaClassifier, simulate } from '#transit';
import { aModelFolder } from '../../../../test/support/model-folder.js';
import { aNumber } from '../../../../test/support/models.js';
import { InvalidVersionError, ModelNotFoundError } from '../registry/registry.errors.js';
import { logOdds } from './candidate-scorer.js';
import { LocalModels } from './local-models.js';

const models = new LocalModels(BUNDLED_MODELS);
afterAll(() => models.close());

/** What the pipeline asks about the first candidate of a simulated star. */
function asked(star: Partial<Parameters<typeof simulate>[0]>): ClassifierInput {
  const seen: ClassifierInput[] = [];
  const classifier = (candidate: ClassifierInput) => {
    seen.push(candidate);
    return formulaClassifier(candidate);
  };
  detect(simulate({ seed: 1, noisePpm: 200, ...star }), { maxPlanets: 1 }, () => {}, {
    classifier,
  });
  return seen[0];
}

const ORBIT = { periodDays: 5.2, t0Days: 133, impact: 0.2, axisRatio: 13 };
const PLANET = asked({ planets: [{ ...ORBIT, radiusRatio: 0.05 }] });
const BINARY = asked({
  binaries: [{ ...ORBIT, durationHours: 4, primaryPpm: 40_000, secondaryPpm: 9000 }],
});

describe('the models of the pipeline', () => {
  it('B.16 says how likely a candidate is a planet, by the network and the vetting together', async () => {
    const classify = models.classifier();
    const planet = await classify(PLANET);
    const features = { ...PLANET.features, failed_tests: 3 };
    expect(planet.probability).toBeGreaterThan(0.9);
    expect((await classify({ ...PLANET, features })).probability).toBeLessThan(0.5);
    const views = BINARY.views;
    expect((await classify({ ...PLANET, views })).probability).toBeLessThan(0.1);
    expect((await classify(BINARY)).probability).toBeLessThan(0.01);
  });

  it('B.15 B.16 names each model with version and SHA-256, and places the candidate among others', async () => {
    const found = await models.classifier()(PLANET);
    expect(found.source).toBe('candidate-ensemble@1.0.0');
    expect(found.models.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'transit-cnn@1.0.0',
      'candidate-ensemble@1.0.0',
    ]);
    for (const { sha256 } of found.models) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(found.models[1].probability).toBe(found.probability);
    expect(found.features.network_log_odds).toBe(logOdds(found.models[0].probability));
    const { values, sha256 } = found.embedding!;
    expect(sha256).toBe(found.models[0].sha256);
    expect(values).toHaveLength(128);
    expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });

  it('B.46 gives the same bits whatever is asked beside', async () => {
    const classify = models.classifier();
    const all = Array.from({ length: 40 }, (_, shift) => ({
      ...PLANET,
      views: PLANET.views.map((_, i, every) => every[(i + shift) % every.length]),
    }));
    const alone = [];
    for (const each of all) alone.push(await classify(each));
    expect(await Promise.all(all.map(classify))).toEqual(alone);
  });

  it('B.46 asks the version that it is told to, and the champion else', async () => {
    const pinned = models.classifier({ 'candidate-ensemble': '2.0.0' });
    await expect(pinned(PLANET)).rejects.toThrow(ModelNotFoundError);
    await expect(pinned(PLANET)).rejects.toThrow(/candidate-ensemble@2\.0\.0/);
    const same = models.classifier({ 'transit-cnn': '1.0.0', 'candidate-ensemble': '1.0.0' });
    expect(await same(PLANET)).toEqual(await models.classifier()(PLANET));
  });

  it('B.16 refuses a model that knows no planets', async () => {
    const columns = ['network_log_odds', ...Object.keys(PLANET.features)].map((name) =>
      aNumber(name),
    );
    const other = await aModelFolder([
      { name: 'transit-cnn', columns: Array.from({ length: 784 }, (_, i) => aNumber(`v${i}`)) },
      { name: 'candidate-ensemble', columns },
    ]);
    const strange = new LocalModels(other.registry.folder);
    try {
      const answer = strange.classifier()(PLANET);
      await expect(answer).rejects.toThrow(InvalidVersionError);
      await expect(answer).rejects.toThrow(/no class "planet"/);
    } finally {
      await strange.close();
      await other.remove();
    }
  });

  it('B.16 keeps log odds within what the ensemble was trained on', () => {
    expect(logOdds(0.5)).toBe(0);
    expect(logOdds(0)).toBe(-8);
    expect(logOdds(1)).toBe(8);
    expect(logOdds(0.75)).toBeCloseTo(Math.log(3), 12);
  });
});
