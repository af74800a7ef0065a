import { afterAll, describe, expect, it } from 'vitest';
import {
  aCategory,
  aModel,
  aNumber,
  softmax,
  type VersionOptions,
} from '../../../../test/support/models.js';
import { InputError } from '../input-error.js';
import type { ModelInput } from '../preprocessing.js';
import { InvalidVersionError, ModelNotFoundError } from '../registry/registry.errors.js';
import { type ModelRecord, parseReference } from '../registry/registry.js';
import { GraphCache } from '../sessions/graph-cache.js';
import { OnnxSessions } from '../sessions/onnx-sessions.js';
import { ModelRunner } from './model-runner.js';
import { Predictor, type PredictorOptions, type VersionTest } from './predictor.js';
import { NoModelFitsError } from './schemas.js';

/** Says the same of every input: the class with the largest bias. */
const saying = (k: number, more: VersionOptions = {}): VersionOptions => ({
  weights: [0, 0].map(() => [0, 0, 0]),
  bias: [0, 1, 2].map((c) => (c === k ? 3 : 0)),
  ...more,
});

const INPUT = { period: 10, radius: 2 };

describe('a predictor', () => {
  const sessions = new OnnxSessions();
  afterAll(() => sessions.close());

  function aPredictor(options: Partial<PredictorOptions> = {}) {
    const batching = { maxRows: 64, maxWaitMs: 0, maxQueuedRows: 1000 };
    const runner = new ModelRunner(sessions, new GraphCache({ capacity: 8 }), batching);
    return new Predictor(runner, { defaultModel: null, test: null, ...options });
  }
  const ask = async (models: ModelRecord[], reference = 'auto', input: object = INPUT) =>
    (await aPredictor().predict(models, parseReference(reference), [input as never]))[0];
  const classOf = ({ output }: Awaited<ReturnType<typeof ask>>) =>
    'value' in output ? output.value : output.className;

  it('E.7 E.10 says a class, how sure it is, and which version said it', async () => {
    const weights = [
      [0.1, 0, -0.1],
      [0, 0.2, 0],
    ];
    const { output, version, variant, drift } = await ask([aModel([{ weights }])]);
    const expected = softmax([1, 0.4, -1]);
    expect(output).toMatchObject({
      className: 'CONFIRMED',
      confidence: expect.closeTo(expected[0], 6),
    });
    expect([version.reference, variant, drift]).toEqual(['koi-softmax@1.0.0', 'champion', []]);
  });

  it('calibrates what the graph says', async () => {
    const calibration = { method: 'temperature', temperature: 2 } as const;
    const { output } = await ask([aModel([saying(1, { calibration })])]);
    const [even] = softmax([1.5, 0, 0]);
    expect('confidence' in output && output.confidence).toBeCloseTo(even, 6);
  });

  it('warns of what the model has hardly seen', async () => {
    const { drift } = await ask([aModel([saying(0)])], 'auto', { period: 5000, radius: 2 });
    expect(drift.map(({ column }) => column)).toEqual(['period']);
  });

  describe('E.8 the choice of the model', () => {
    const brief = aModel([saying(0, { name: 'brief' })]);
    const full = aModel([
      {
        name: 'full',
        columns: [
          aNumber('period'),
          aNumber('radius'),
          aNumber('snr', { when_missing: { impute: 0 } }),
          aCategory('source', ['KEPLER'], { when_missing: 'unknown' }),
        ],
      },
    ]);
    const named = async (input: object, options: Partial<PredictorOptions> = {}) => {
      const reference = parseReference('auto');
      const inputs = [input as never];
      const [found] = await aPredictor(options).predict([full, brief], reference, inputs);
      return found.version.metadata.name;
    };

    it('takes the model that leaves the least of its columns out', async () => {
      expect(await named(INPUT)).toBe('brief');
      expect(await named({ ...INPUT, snr: 9, source: 'KEPLER' })).toBe('full');
    });

    it('E.22 prefers the default model wherever it takes the input', async () => {
      expect(await named(INPUT, { defaultModel: 'full' })).toBe('full');
      expect(await named({ ...INPUT, snr: 9 }, { defaultModel: 'brief' })).toBe('full');
    });

    it('takes a vector by its length', async () => {
      const [found] = await aPredictor().predict([full, brief], { kind: 'auto' }, [[1, 2, 3, 1]]);
      expect(found.version.metadata.name).toBe('full');
    });

    it('says what each model takes where none takes the input', async () => {
      const refusal = await named({ mass: 1 }).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(NoModelFitsError);
      expect((refusal as Error).message).toBe(
        'No model takes such an input: full takes period, radius, snr, source; brief takes period, radius.',
      );
    });

    it('names the faults of an input in the eyes of the model that was named', async () => {
      const refusal = await ask([brief, full], 'brief', { period: 'long', snr: 9 }).catch(
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(InputError);
      expect((refusal as InputError).faults.map(({ pointer }) => pointer)).toEqual([
        '/0/period',
        '/0/radius',
        '/0/snr',
      ]);
    });

    it.each(['nothing', 'brief@2.0.0', 'brief@challenger'])('does not find %s', async (name) => {
      await expect(ask([brief], name)).rejects.toThrow(ModelNotFoundError);
    });
  });

  describe('E.11 many inputs', () => {
    it('are answered in their order, whatever takes them', async () => {
      const brief = aModel([
        {
          name: 'brief',
          weights: [
            [0.01, 0, 0],
            [0, 0, 0],
          ],
        },
      ]);
      const other = aModel([saying(2, { name: 'other', columns: [aNumber('a'), aNumber('b')] })]);
      const inputs = Array.from({ length: 30 }, (_, i): ModelInput =>
        i % 3 === 0 ? { a: 1, b: 2 } : { period: i, radius: 1 },
      );
      const found = await aPredictor().predict([brief, other], { kind: 'auto' }, inputs);
      found.forEach(({ version, output }, i) => {
        expect(version.metadata.name).toBe(i % 3 === 0 ? 'other' : 'brief');
        if (i % 3 === 0 || 'value' in output) return;
        expect(output.probabilities[0]).toBeCloseTo(softmax([0.01 * i, 0, 0])[0], 6);
      });
    });

    it('are refused with the faults of all of them, by their places', async () => {
      const model = aModel([saying(0)]);
      const inputs = [INPUT, { period: 'x', radius: 1 }, INPUT, { ...INPUT, mass: 3 }];
      const refusal = await aPredictor()
        .predict([model], parseReference('koi-softmax'), inputs)
        .catch((error: unknown) => error);
      expect((refusal as InputError).faults.map(({ pointer }) => pointer)).toEqual([
        '/1/period',
        '/3/mass',
      ]);
    });
  });

  it('E.9 asks every model that takes the input', async () => {
    const models = [0, 0, 2].map((k, i) => aModel([saying(k, { name: `model-${i}` })]));
    const stranger = aModel([{ name: 'stranger', columns: [aNumber('mass'), aNumber('age')] }]);
    const answers = await aPredictor().predictWithAll([...models, stranger], INPUT);
    expect(answers.map((answer) => classOf(answer as never))).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'FALSE_POSITIVE',
    ]);
  });

  it('E.9 goes on without a model that cannot be loaded, unless none can', async () => {
    const good = aModel([saying(1, { name: 'good' })]);
    const broken = aModel([saying(1, { name: 'broken', graph: Uint8Array.of(1) })]);
    const answers = await aPredictor().predictWithAll([broken, good], INPUT);
    expect(answers.map(({ version }) => version.metadata.name)).toEqual(['good']);
    await expect(aPredictor().predictWithAll([broken], INPUT)).rejects.toThrow(InvalidVersionError);
  });

  describe('a version that cannot be loaded', () => {
    const broken = { graph: Uint8Array.of(1, 2, 3), version: '2.0.0' };
    const changed = { damaged: { 'inputs.onnx': Uint8Array.of(1) }, version: '2.0.0' };
    const moves: Parameters<typeof aModel>[1] = [
      ['champion', '1.0.0'],
      ['champion', '2.0.0'],
    ];

    it.each([
      ['is no graph', broken],
      ['is not what was registered', changed],
    ])('that %s leaves the previous champion serving, and says so', async (_, version) => {
      const model = aModel([saying(0), version], moves);
      const answer = await ask([model]);
      expect(classOf(answer)).toBe('CONFIRMED');
      expect(answer.version.reference).toBe('koi-softmax@1.0.0');
      expect(answer.insteadOf).toBe('koi-softmax@2.0.0');
    });

    it('leaves the latest before it serving where nobody chose a champion', async () => {
      const latest: typeof moves = [
        ['latest', '1.0.0'],
        ['latest', '2.0.0'],
      ];
      const answer = await ask([aModel([saying(0), broken], latest)]);
      expect(answer.version.reference).toBe('koi-softmax@1.0.0');
      expect(answer.insteadOf).toBe('koi-softmax@2.0.0');
    });

    it('is refused where it was asked for by its number, and where nothing came before', async () => {
      const model = aModel([saying(0), broken], moves);
      await expect(ask([model], 'koi-softmax@2.0.0')).rejects.toThrow(InvalidVersionError);
      const alone = aModel([{ ...broken, version: '1.0.0' }]);
      await expect(ask([alone])).rejects.toThrow(/inputs\.onnx cannot be loaded/);
    });
  });

  describe('E.22 a test of two versions', () => {
    const model = aModel(
      [saying(0), saying(2, { version: '2.0.0' })],
      [
        ['champion', '1.0.0'],
        ['challenger', '2.0.0'],
      ],
    );
    const tested = (test: VersionTest, reference = 'auto', subject = 'TIC 1') =>
      aPredictor({ test }).predict([model], parseReference(reference), [INPUT], { subject });

    it('gives a share of the subjects the challenger, always the same ones', async () => {
      const test: VersionTest = { mode: 'split', share: 0.5 };
      const variants = new Set<string>();
      for (let i = 0; i < 12; i++) {
        const [first] = await tested(test, 'auto', `TIC ${i}`);
        const [second] = await tested(test, 'auto', `TIC ${i}`);
        expect(first.variant).toBe(second.variant);
        expect(classOf(first)).toBe(first.variant === 'champion' ? 'CONFIRMED' : 'FALSE_POSITIVE');
        variants.add(first.variant);
      }
      expect([...variants].sort()).toEqual(['challenger', 'champion']);
    });

    it('leaves alone who names a version, and everybody where nothing is tested', async () => {
      const test: VersionTest = { mode: 'split', share: 1 };
      expect((await tested(test))[0].variant).toBe('challenger');
      expect((await tested(test, 'koi-softmax@champion'))[0].variant).toBe('named');
      expect((await ask([model])).variant).toBe('champion');
    });

    it('in the shadow lets the champion answer, and hears what the challenger says', async () => {
      const [found] = await tested({ mode: 'shadow', share: 1 });
      expect([found.variant, classOf(found)]).toEqual(['champion', 'CONFIRMED']);
      const shadow = await found.shadow;
      expect(shadow?.output).toMatchObject({ className: 'FALSE_POSITIVE' });
    });

    it('harms nobody where the challenger is broken', async () => {
      const broken = aModel(
        [saying(0), { version: '2.0.0', graph: Uint8Array.of(1) }],
        [
          ['champion', '1.0.0'],
          ['challenger', '2.0.0'],
        ],
      );
      for (const mode of ['split', 'shadow'] as const) {
        const predictor = aPredictor({ test: { mode, share: 1 } });
        const [found] = await predictor.predict([broken], { kind: 'auto' }, [INPUT]);
        expect([found.variant, classOf(found)]).toEqual(['champion', 'CONFIRMED']);
        expect(await found.shadow).toBeNull();
      }
    });
  });

  it('gives the embedding of a model that has one', async () => {
    const model = aModel([
      saying(0, {
        embedding: [
          [1, 0, 1],
          [0, 1, 1],
        ],
      }),
    ]);
    const { embedding } = await ask([model]);
    expect([...embedding!]).toEqual([10, 2, 12]);
    expect((await ask([aModel([saying(0)])])).embedding).toBeNull();
  });
});
