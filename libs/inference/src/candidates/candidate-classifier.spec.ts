/** With the models that come with the platform: what the pipeline is promised. */
import { describe, expect, it } from 'vitest';
import { BUNDLED_MODELS } from '#platform/config';
import { type ClassifierInput, detect, formulaClassifier, simulate } from '#transit';
import { aModel } from '../../../../test/support/models.js';
import { FolderRegistry } from '../registry/folder-registry.js';
import { InvalidVersionError, ModelNotFoundError } from '../registry/registry.errors.js';
import { candidateClassifier } from './candidate-classifier.js';
import { candidateModels } from './candidate-models.js';

const registered = await new FolderRegistry(BUNDLED_MODELS).list();
const classify = candidateClassifier(await candidateModels(registered));

/** What the pipeline asks about the first candidate of a simulated star. */
function asked(star: Partial<Parameters<typeof simulate>[0]>): ClassifierInput {
  const seen: ClassifierInput[] = [];
  const classifier = (candidate: ClassifierInput) => {
    seen.push(candidate);
    return formulaClassifier(candidate);
  };
  const segments = simulate({ seed: 1, noisePpm: 200, ...star });
  detect(segments, { maxPlanets: 1 }, () => {}, { classifier });
  return seen[0];
}

const ORBIT = { periodDays: 5.2, t0Days: 133, impact: 0.2, axisRatio: 13 };
const PLANET = asked({ planets: [{ ...ORBIT, radiusRatio: 0.05 }] });
const BINARY = asked({
  binaries: [{ ...ORBIT, durationHours: 4, primaryPpm: 40_000, secondaryPpm: 9000 }],
});

describe('the models of the pipeline', () => {
  it('B.16 say how likely a candidate is a planet, by the network and the vetting together', () => {
    const { views } = BINARY;
    const features = { ...PLANET.features, failed_tests: 3 };
    expect(classify(PLANET).probability).toBeGreaterThan(0.9);
    expect(classify({ ...PLANET, features }).probability).toBeLessThan(0.5);
    expect(classify({ ...PLANET, views }).probability).toBeLessThan(0.1);
    expect(classify(BINARY).probability).toBeLessThan(0.01);
  });

  it('B.15 B.16 are named with version and SHA-256, and place the candidate among others', () => {
    const { source, models, probability, embedding } = classify(PLANET);
    expect(source).toBe('candidate-ensemble@1.0.0');
    expect(models.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'transit-cnn@1.0.0',
      'candidate-ensemble@1.0.0',
    ]);
    for (const { sha256 } of models) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(models[1].probability).toBe(probability);
    expect(embedding!.sha256).toBe(models[0].sha256);
    expect(embedding!.values).toHaveLength(128);
    const length = embedding!.values.reduce((sum, value) => sum + value * value, 0);
    expect(length).toBeCloseTo(1, 5);
  });

  it('B.16 keep the log odds of a network that is very sure within what the ensemble knows', () => {
    const planet = classify(PLANET);
    const odds = (p: number) => Math.log(p / (1 - p));
    expect(planet.features.network_log_odds).toBe(odds(planet.models[0].probability));
    expect(classify(BINARY).features.network_log_odds).toBe(-8);
  });

  it('B.46 are of the version that is asked for, and champions else', async () => {
    const missing = candidateModels(registered, { 'candidate-ensemble': '2.0.0' });
    await expect(missing).rejects.toThrow(ModelNotFoundError);
    await expect(missing).rejects.toThrow(/candidate-ensemble@2\.0\.0/);
    const pinned = { 'transit-cnn': '1.0.0', 'candidate-ensemble': '1.0.0' };
    const same = candidateClassifier(await candidateModels(registered, pinned));
    expect(same(PLANET)).toEqual(classify(PLANET));
    await expect(candidateModels([])).rejects.toThrow(/"transit-cnn"/);
  });

  it.each([
    ['knows no planets', { labels: ['a', 'b'] }, /no class "planet"/],
    ['is no graph', { graph: Buffer.from('no graph') }, /inputs\.onnx cannot be evaluated/],
    [
      'was damaged',
      { bias: [1, 0], damaged: { 'inputs.onnx': Buffer.from('x') } },
      /is not the file/,
    ],
  ])('E.19 fall back where a version %s, and say what is wrong with it', async (_, fault, why) => {
    const network = { name: 'transit-cnn', labels: ['planet', 'other'] };
    const broken = { ...network, version: '2.0.0', ...fault };
    const ensemble = registered.find(({ name }) => name === 'candidate-ensemble')!;
    const moved = [
      ['champion', '1.0.0'],
      ['champion', '2.0.0'],
    ] as const;
    const both = [aModel([network, broken], moved), ensemble];
    expect((await candidateModels(both)).network.version).toBe('1.0.0');
    const named = candidateModels(both, { 'transit-cnn': '2.0.0' });
    await expect(named).rejects.toThrow(InvalidVersionError);
    await expect(named).rejects.toThrow(why);
  });
});
