/** The models that come with the platform: what is promised of each of them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ModelRunner } from '../predictions/model-runner.js';
import { Predictor } from '../predictions/predictor.js';
import { GraphCache } from '../sessions/graph-cache.js';
import { OnnxSessions } from '../sessions/onnx-sessions.js';
import { checkVersion } from './check-version.js';
import { FolderRegistry } from './folder-registry.js';
import { parseReference, versionAt } from './registry.js';

const FOLDER = fileURLToPath(new URL('../../../../models', import.meta.url));
const sessions = new OnnxSessions();
afterAll(() => sessions.close());
const batching = { maxRows: 64, maxWaitMs: 0, maxQueuedRows: 1000 };
const runner = new ModelRunner(sessions, new GraphCache({ capacity: 8 }), batching);
const predictor = new Predictor(runner, { defaultModel: null, test: null });
const models = await new FolderRegistry(FOLDER).list();

/** What A.26 names. */
const HOT_NEPTUNE = {
  period: 9.48,
  radius: 2.26,
  period_err: 2.8e-5,
  radius_err: 0.26,
  source: 'KEPLER',
};
const predict = async (reference: string, input: object) =>
  (await predictor.predict(models, parseReference(reference), [input as never]))[0];

describe('the bundled models', () => {
  it('E.1 are a network and its ensemble, a random forest and gradient boosting', () => {
    expect(models.map(({ name }) => name)).toEqual([
      'candidate-ensemble',
      'koi-boosted',
      'koi-forest',
      'transit-cnn',
    ]);
  });

  it.each(models.map(({ name }) => name))(
    'E.14 E.19 %s has a champion whose files, golden outputs and card are what they should be',
    async (name) => {
      const version = versionAt(
        models.find((each) => each.name === name)!,
        'champion',
      )!;
      await expect(checkVersion(version, runner)).resolves.toBeUndefined();
      const card = readFileSync(`${FOLDER}/${name}/v${version.metadata.version}/card.md`, 'utf8');
      for (const section of [`# ${name}`, 'Limits', 'Made again by', 'alibration']) {
        expect(card).toContain(section);
      }
      const pictures = [...card.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file);
      expect(pictures.some((file) => file.includes('reliability'))).toBe(true);
      for (const file of pictures) {
        expect(existsSync(`${FOLDER}/${name}/v${version.metadata.version}/${file}`), file).toBe(
          true,
        );
      }
      const [command] = /training\/\S+\.(json|sh)/.exec(version.metadata.training.command)!;
      expect(existsSync(fileURLToPath(new URL(`../../../../${command}`, import.meta.url)))).toBe(
        true,
      );
    },
  );

  it.each(['koi-forest', 'koi-boosted'])(
    'A.1 A.26 %s takes period and radius, as well as the columns of the table of KOIs',
    async (name) => {
      const brief = await predict(name, HOT_NEPTUNE);
      expect(brief.schema.name).toBe('brief');
      expect(brief.drift).toEqual([]);
      const labels = ['CANDIDATE', 'CONFIRMED', 'FALSE_POSITIVE'];
      expect('labels' in brief.output && brief.output.labels).toEqual(labels);
      const full = await predict(name, { koi_period: 9.48, koi_prad: 2.26, koi_model_snr: 35.8 });
      expect(full.schema.name).toBe('full');
    },
  );

  it.each(['koi-forest', 'koi-boosted'])(
    '%s thinks less of what is far too large for a planet, and warns of another mission',
    async (name) => {
      const confirmed = async (input: object) => {
        const { output } = await predict(name, input);
        return 'labels' in output ? output.probabilities[output.labels.indexOf('CONFIRMED')] : NaN;
      };
      const huge = { ...HOT_NEPTUNE, radius: 80, radius_err: 20 };
      expect(await confirmed(HOT_NEPTUNE)).toBeGreaterThan(0.5);
      expect(await confirmed(huge)).toBeLessThan(0.1);
      const { drift } = await predict(name, { ...HOT_NEPTUNE, source: 'TESS' });
      expect(drift.map(({ column }) => column)).toEqual(['source']);
    },
  );
});
