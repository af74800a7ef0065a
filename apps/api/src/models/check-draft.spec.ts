import { describe, expect, it } from 'vitest';
import { aVersion, type VersionOptions } from '../../../../test/support/models.js';
import { lookupGraph } from '../../../../test/support/onnx.js';
import { checkDraft } from './check-draft.js';

const checked = (options: VersionOptions = {}, seconds = 60) => {
  const { metadata, files } = aVersion(options);
  return checkDraft(metadata, files, seconds);
};

describe('a draft that is checked', () => {
  it('passes where files, metadata and graph agree', async () => {
    await expect(checked()).resolves.toBeUndefined();
  });

  it.each([
    [
      'whose graph fails',
      { labels: ['a', 'b'], graph: lookupGraph(2) },
      60,
      /^inputs\.onnx fails: /,
    ],
    ['that takes too long', {}, 0.000_1, /^The graph took longer than 0\.0001 s\.$/],
    [
      'with a preprocessing that is none',
      { damaged: { 'inputs.preprocessing.json': Buffer.from('{') } },
      60,
      /^inputs\.preprocessing\.json is not the file/,
    ],
  ])('E.31 is refused with what is wrong: one %s', async (_, options, seconds, fault) => {
    await expect(checked(options, seconds)).rejects.toMatchObject({
      slug: 'version-refused',
      extensions: { faults: [expect.stringMatching(fault)] },
    });
  });
});
