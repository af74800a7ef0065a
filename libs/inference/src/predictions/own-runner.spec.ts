import { describe, expect, it } from 'vitest';
import { aVersion, opened } from '../../../../test/support/models.js';
import { lookupGraph } from '../../../../test/support/onnx.js';
import { checkGolden } from '../registry/golden.js';
import { InvalidVersionError } from '../registry/registry.errors.js';
import { RunnerLostError, withOwnRunner } from './own-runner.js';

describe('a runner of one’s own', () => {
  it('runs a version', async () => {
    const check = withOwnRunner((runner) => checkGolden(opened(aVersion()), runner));
    expect(await check).toMatchObject([{ isGood: true }]);
  });

  it('gives up a graph that takes too long', async () => {
    const check = withOwnRunner((runner) => checkGolden(opened(aVersion()), runner), 0.000_1);
    await expect(check).rejects.toThrow(
      new RunnerLostError('The graph took longer than 0.0001 s.'),
    );
  });

  it('E.31 says which file fails, and of which version, where a graph fails on an input', async () => {
    const version = opened(aVersion({ labels: ['a', 'b'], graph: lookupGraph(2) }));
    const check = withOwnRunner((runner) => checkGolden(version, runner));
    await expect(check).rejects.toThrow(InvalidVersionError);
    await expect(check).rejects.toThrow(/koi-softmax@1\.0\.0 cannot be used: inputs\.onnx fails: /);
  });
});
