import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aPolicy } from '../../../../test/support/policies.js';
import { main } from '../cli.js';
import { differences } from './differences.js';

interface Stored {
  targets: {
    rms_ppm: number;
    provenance: { code_version: string; runtime?: string; params: object };
  }[];
  candidates: {
    snr: number;
    rl_action: string;
    reasons: string[];
    flags: object;
    vetting: object[];
  }[];
}

describe('replay', () => {
  let folder: string;
  let out: string;
  let err: string;
  const at = (name: string) => join(folder, name);
  const run = async (...words: string[]) => {
    out = '';
    err = '';
    await main(words);
  };
  const capture = () => {
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
    process.exitCode = undefined;
  };
  const saved = async (name: string, change: (stored: Stored) => void = () => {}) => {
    const stored = JSON.parse(await readFile(at('found.json'), 'utf8')) as Stored;
    change(stored);
    await writeFile(at(name), JSON.stringify(stored));
    return at(name);
  };
  const FILES = () => [at('star-S1.fits'), at('star-S2.fits')];

  beforeAll(async () => {
    capture();
    folder = await mkdtemp(join(tmpdir(), 'lightfold-replay-'));
    const star = ['--mission', 'TESS', '--cadence', '30', '--segments', '2', '--noise', '300'];
    await run('simulate', at('star.fits'), ...star, '--planet', 'period=3.1,radius=0.05');
    await run('detect', ...FILES(), '--max-period', '9', '--seed', '3', '--json');
    await writeFile(at('found.json'), out);
  });
  beforeEach(capture);
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('B.46 finds the same after other work, of files in another order under other names', async () => {
    await run('simulate', at('other.fits'), '--seed', '9', '--rotation', 'period=8,amplitude=900');
    await run('detect', at('other.fits'), '--sensitivity', 'never');
    const [first, second] = FILES();
    await rename(second, at('b.fits'));
    await run('replay', at('found.json'), at('b.fits'), first);
    await rename(at('b.fits'), second);
    expect(out).toBe('SIM 1: the same\n');
    expect(process.exitCode).toBeUndefined();
  });

  it('B.46 takes parameters and seed from the provenance, not from its defaults', async () => {
    const { targets } = JSON.parse(await readFile(at('found.json'), 'utf8')) as Stored;
    expect(targets[0].provenance.params).toMatchObject({ max_period_days: 9, seed: 3 });
    const name = await saved('defaults.json', ({ targets: [target] }) =>
      Object.assign(target.provenance.params, { max_period_days: null }),
    );
    await run('replay', name, ...FILES());
    expect(out).toMatch(/SIM 1: \d+ difference/);
    expect(out).toContain('provenance.grid.max_period_days');
  });

  it('B.46 names every number that is not the same to the last digit, and fails', async () => {
    const changed = await saved('changed.json', ({ candidates: [candidate] }) => {
      candidate.snr *= 1 + Number.EPSILON;
    });
    await run('replay', changed, ...FILES());
    expect(out).toMatch(/^SIM 1: 1 difference\(s\)\n {2}candidates\.0\.snr: [\d.]+, now [\d.]+\n$/);
    expect(process.exitCode).toBe(1);
  });

  it('leaves out what other targets of the job said of a candidate', async () => {
    const matched = await saved('matched.json', ({ candidates: [candidate] }) => {
      const message = 'Keeps step with KIC 2.';
      const verdict = { value: 1, threshold: 1, verdict: 'fail', message };
      candidate.vetting.push({ test: 'ephemeris_match', ...verdict });
      candidate.flags = { ...candidate.flags, ephemeris_match: true };
      candidate.reasons.unshift(message);
      candidate.rl_action = 'reject';
    });
    await run('replay', matched, ...FILES());
    expect(out).toBe('SIM 1: the same\n');
  });

  it('B.17 B.46 decides by the policy that decided, known by its checksum', async () => {
    const [policy, other] = [aPolicy(3), aPolicy(4)];
    await writeFile(at('policy.json'), policy.text);
    // As the api answers it, its members in another order.
    const wire = JSON.parse(other.text) as object;
    const body = Object.fromEntries(Object.entries(wire).reverse());
    await writeFile(at('other.json'), JSON.stringify({ number: 4, body }, null, 2));

    const search = [...FILES(), '--max-period', '9', '--seed', '3', '--json'];
    await run('detect', ...search, '--policy', at('policy.json'));
    await writeFile(at('learnt.json'), out);
    const { candidates, targets } = JSON.parse(out) as Stored;
    expect(candidates[0].reasons.join()).toMatch(/policy learnt from|learnt-3 leaves it/);
    expect(targets[0].provenance).toMatchObject({
      params: { policy: 'learnt-3' },
      policy: { name: 'learnt-3', sha256: policy.sha256 },
    });

    await run('replay', at('learnt.json'), ...FILES(), '--policy', at('policy.json'));
    expect(out).toBe('SIM 1: the same\n');
    await run('replay', at('learnt.json'), ...FILES());
    expect(err).toContain(`SIM 1: was decided by learnt-3, SHA-256 ${policy.sha256}. --policy`);
    await run('replay', at('learnt.json'), ...FILES(), '--policy', at('other.json'));
    expect(err).toContain(`; the file given is learnt-4, ${other.sha256}`);
  });

  it('refuses a file that is no policy, naming what is wrong with it', async () => {
    await writeFile(at('no-policy.json'), JSON.stringify({ name: 'best' }));
    await run('detect', ...FILES(), '--policy', at('no-policy.json'));
    expect(err).toContain('is no policy to search with: name: Must be learnt-1, learnt-2, ...');
    const foreign = { ...(JSON.parse(aPolicy().text) as object), context: 'context-0' };
    await writeFile(at('foreign.json'), JSON.stringify(foreign));
    await run('detect', ...FILES(), '--policy', at('foreign.json'));
    expect(err).toContain('policy learnt-1 was learnt of context-0');
  });

  it('says that another version made it', async () => {
    const old = await saved('old.json', ({ targets: [target] }) => {
      target.provenance.code_version = '0.0.1';
      target.provenance.runtime = 'Node.js 20.20.2';
    });
    await run('replay', old, ...FILES());
    expect(err).toContain('SIM 1: made by Lightfold 0.0.1; this is');
    expect(err).toContain('SIM 1: made on Node.js 20.20.2; this is');
  });

  it('names the file that is missing', async () => {
    await run('replay', at('found.json'), FILES()[0]);
    expect(err).toMatch(/SIM 1: no file given is star-S2\.fits, SHA-256 [0-9a-f]{64}/);
    expect(process.exitCode).toBe(1);
  });

  it.each([
    ['not JSON', '{', 'is not JSON'],
    ['something else', '{"a": 1}', 'is not a result of Lightfold (targets'],
    ['an unsearched job', '{"targets": [], "candidates": []}', 'holds no target with a provenance'],
  ])('refuses %s', async (_, text, sentence) => {
    await writeFile(at('bad.json'), text);
    await run('replay', at('bad.json'), ...FILES());
    expect(err).toContain(sentence);
    expect(process.exitCode).toBe(1);
  });
});

describe('differences', () => {
  it('finds what is missing on either side, and no difference in what is undefined', () => {
    expect(differences({ a: [1, 2], b: undefined }, { a: [1], b: 3, c: null })).toEqual([
      'a.1: 2, now nothing',
      'c: nothing, now null',
    ]);
  });
});
