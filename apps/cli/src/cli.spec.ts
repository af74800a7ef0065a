import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './cli.js';

const PLANETS = [
  '--planet',
  'period=6.3,radius=0.035,impact=0.2',
  '--planet',
  'period=14.9,radius=0.03',
];

describe('lightfold', () => {
  let folder: string;
  let out: string;
  let err: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lightfold-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  beforeEach(() => {
    out = '';
    err = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
    process.exitCode = undefined;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  const at = (name: string) => join(folder, name);

  describe('simulate', () => {
    it('writes the same bytes for the same seed, and others for another', async () => {
      const write = async (name: string, seed: string) => {
        await main(['simulate', at(name), '--seed', seed, ...PLANETS]);
        return readFile(at(name));
      };
      const first = await write('a.fits', '7');
      expect((await write('b.fits', '7')).equals(first)).toBe(true);
      expect((await write('c.fits', '8')).equals(first)).toBe(false);
    });

    it('writes a file per quarter', async () => {
      await main(['simulate', at('many.csv'), '--segments', '2']);
      expect(out.trim().split('\n')).toEqual([at('many-Q1.csv'), at('many-Q2.csv')]);
    });

    it.each([
      [['--planet', 'period=6'], 'radius is missing'],
      [['--planet', 'period=6,radius=big'], 'radius must be a number, not "big"'],
      [['--planet', 'period=-6,radius=0.1'], 'period must be above 0'],
      [['--planet', 'perod=6,radius=0.1'], '"perod" is not one of'],
      [['--noise', 'much'], 'Not a number'],
    ])('names what is wrong with %j', async (options, sentence) => {
      await main(['simulate', at('x.fits'), ...options]);
      expect(err).toContain(sentence);
      expect(process.exitCode).toBe(2);
    });

    it('refuses a format that it cannot write', async () => {
      await main(['simulate', at('x.xls')]);
      expect(err).toContain('must end in .fits or .csv');
      expect(process.exitCode).toBe(2);
    });
  });

  describe('validate', () => {
    it('C.12 says what a file holds', async () => {
      await main(['simulate', at('good.fits')]);
      out = '';
      await main(['validate', at('good.fits')]);
      expect(out).toContain('good.fits: valid');
      expect(out).toContain('Kepler Q1');
      expect(process.exitCode).toBeUndefined();
    });

    it('names the row and the column of a fault, and fails', async () => {
      const rows = Array.from(
        { length: 200 },
        (_, i) => `${100 + i / 48},${i === 7 ? 'x' : 1.0001}`,
      );
      await writeFile(at('bad.csv'), `time,flux\n${rows.join('\n')}\n`);
      await main(['validate', at('bad.csv'), '--json']);
      const [report] = JSON.parse(out) as {
        valid: boolean;
        issues: { code: string; row?: number; column?: string }[];
      }[];
      expect(report.valid).toBe(false);
      expect(report.issues).toContainEqual(
        expect.objectContaining({ code: 'non_numeric_cell', row: 9, column: 'flux' }),
      );
      expect(process.exitCode).toBe(1);
    });

    it('says that a file is not there', async () => {
      await main(['validate', at('nowhere.fits')]);
      expect(err).toContain('nowhere.fits: there is no such file');
      expect(process.exitCode).toBe(1);
    });
  });

  describe('detect', () => {
    it('B.48 finds the planets that were simulated, as a table and as the api would answer', async () => {
      await main(['simulate', at('star.fits'), '--noise', '120', '--red-noise', '40', ...PLANETS]);
      out = '';
      await main(['detect', at('star.fits'), '--json']);
      const { candidates, targets } = JSON.parse(out) as {
        targets: { target: string }[];
        candidates: { period_days: number; rl_action: string; provenance: { params: object } }[];
      };
      expect(targets).toMatchObject([{ target: 'SIM 1', mission: 'Kepler' }]);
      const periods = candidates.map((candidate) => candidate.period_days).sort((a, b) => a - b);
      expect(periods).toHaveLength(2);
      expect(Math.abs(periods[0] / 6.3 - 1)).toBeLessThan(0.001);
      expect(Math.abs(periods[1] / 14.9 - 1)).toBeLessThan(0.001);
      expect(candidates[0].provenance.params).toMatchObject({
        min_period_days: 0.5,
        max_planets: 6,
      });
    });

    it('B.27 takes another fitter, by option or as TRANSIT_FITTER says', async () => {
      await main(['simulate', at('mocked.fits'), ...PLANETS]);
      const backends = async (...options: string[]) => {
        out = '';
        await main(['detect', at('mocked.fits'), '--json', ...options]);
        const { candidates } = JSON.parse(out) as { candidates: { fit: { backend: string } }[] };
        return [...new Set(candidates.map(({ fit }) => fit.backend))];
      };
      expect(await backends('--fitter', 'mock')).toEqual(['mock']);
      vi.stubEnv('TRANSIT_FITTER', 'mock');
      expect(await backends()).toEqual(['mock']);
      expect(await backends('--fitter', 'local')).toEqual(['local']);
      vi.unstubAllEnvs();
    });

    it('B.19 writes the report and B.18 the plots', async () => {
      await main(['simulate', at('drawn.fits'), ...PLANETS]);
      const plots = at('plots');
      await main(['detect', at('drawn.fits'), '--report', at('r.pdf'), '--plots', plots]);
      expect((await readFile(at('r.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
      const files = await readdir(plots);
      for (const name of ['phase', 'bls', 'odd_even', 'secondary', 'light_curve']) {
        expect(files).toContain(`SIM_1-1-${name}.svg`);
        expect((await stat(join(plots, `SIM_1-1-${name}.png`))).size).toBeGreaterThan(1000);
      }
    });

    it('says that nothing was found in a curve without planets', async () => {
      await main(['simulate', at('quiet.csv'), '--seed', '3']);
      out = '';
      await main(['detect', at('quiet.csv')]);
      expect(out).toContain('No signal passed the threshold');
      expect(process.exitCode).toBeUndefined();
    });

    it('searches the good files and fails for the bad ones', async () => {
      await main(['simulate', at('fine.fits'), ...PLANETS]);
      await writeFile(at('page.fits'), '<html>404</html>');
      out = '';
      await main(['detect', at('fine.fits'), at('page.fits')]);
      expect(err).toContain('format_mismatch');
      expect(out).toContain('SIM 1');
      expect(process.exitCode).toBe(1);
    });

    it.each([
      [['--min-period', 'short'], '--min-period'],
      [['--max-planets', '0'], '--max-planets'],
      [['--detrend', 'magic'], '--detrend'],
      [['--sensitivity', 'sometimes'], '--sensitivity'],
      [['--fitter', 'gpu'], '--fitter gpu'],
      [['--fitter', 'remote'], 'TRANSIT_FITTER_URL must name the service'],
      [['--min-period', '5', '--max-period', '2'], '--max-period 2 must be longer than'],
    ])('names the option that is wrong in %j', async (options, sentence) => {
      await main(['detect', at('star.fits'), ...options]);
      expect(err).toContain(sentence);
      expect(process.exitCode).toBe(2);
    });
  });

  describe('sensitivity', () => {
    const quick = ['--periods', '2', '--radii', '2', '--per-cell', '1', '--max-period', '8'];
    const curve = async () => {
      const options = ['--mission', 'TESS', '--cadence', '30', '--noise', '300'];
      await main(['simulate', at('quiet.fits'), ...options]);
      out = '';
      return at('quiet.fits');
    };

    it('says what it costs, then the same map each time, as the api would', async () => {
      const file = await curve();
      await main(['sensitivity', file, ...quick, '--json']);
      expect(err).toMatch(/at most 4 planets to inject, \d\.\de\+\d additions/);
      const map = JSON.parse(out) as { injected: number; cells: { injected: number }[] };
      expect(map.injected).toBe(4);
      expect(map.cells.map(({ injected }) => injected)).toEqual([1, 1, 1, 1]);
      const first = out;
      out = '';
      await main(['sensitivity', file, ...quick, '--json']);
      expect(out).toBe(first);
    });

    it('keeps what is done when it is interrupted', async () => {
      const file = await curve();
      const before = process.listenerCount('SIGINT');
      const many = [...quick, '--per-cell', '500'];
      const running = main(['sensitivity', file, ...many]);
      await vi.waitUntil(() => process.listenerCount('SIGINT') > before, { timeout: 10_000 });
      process.emit('SIGINT');
      await running;
      expect(out).toMatch(/Interrupted after [1-9]\d* planets/);
      expect(process.listenerCount('SIGINT')).toBe(before);
    });

    it.each([
      [['--periods', '0'], '--periods must be a whole number from 1 to 1000, not 0'],
      [['--per-cell', 'many'], '--per-cell must be a whole number from 1 to 1000, not many'],
      [['--plot', 'map.gif'], '--plot must end in .svg or .png, not map.gif'],
      [['--min-snr', '1'], '--min-snr'],
    ])('names what is wrong with %j', async (options, sentence) => {
      await main(['sensitivity', await curve(), ...options]);
      expect(err).toContain(sentence);
      expect(process.exitCode).toBe(2);
    });
  });

  it('says how it is used when it is called wrongly', async () => {
    await main(['detekt']);
    expect(err).toContain("unknown command 'detekt'");
    expect(process.exitCode).toBe(2);
  });
});
