import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readLightCurve } from './index.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = join(root, process.env.LIGHTFOLD_DATA ?? '../shared/data');
const isPresent = existsSync(join(folder, 'targets.json'));
if (!isPresent) {
  process.stderr.write(`Real light curves are not at ${folder} (LIGHTFOLD_DATA): skipped.\n`);
}

interface Target {
  readonly files: readonly string[];
  readonly target: string;
  readonly mission: string;
  readonly n_usable: number;
  readonly n_points: number;
  readonly t_start: number;
  readonly t_end: number;
  readonly provenance: readonly {
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly n_points: number;
    readonly cadence_seconds: number;
  }[];
}

const targets: Target[] = isPresent
  ? (JSON.parse(readFileSync(join(folder, 'targets.json'), 'utf8')) as Target[])
  : [];

const read = (file: string) =>
  readLightCurve({ filename: basename(file), stream: createReadStream(join(folder, file)) });

describe.skipIf(!isPresent)('real light curves', () => {
  it('are 39 files of 27 targets', () => {
    expect(targets).toHaveLength(27);
    expect(targets.flatMap((each) => each.files)).toHaveLength(39);
  });

  it.each(targets.map((each) => [each.target, each] as const))(
    'B.11 reads every file of %s without error, as its catalogue entry says',
    async (_, target) => {
      let usable = 0;
      let first = Infinity;
      let last = -Infinity;
      for (const [index, file] of target.files.entries()) {
        const { segment, summary, issues, ...whole } = await read(file);
        const expected = target.provenance[index];
        expect(issues.filter((each) => each.severity === 'error')).toEqual([]);
        if (segment === null || summary === null) throw new Error(`${file} gave no segment`);
        expect(whole).toMatchObject({ sha256: expected.sha256, sizeBytes: expected.bytes });
        expect(segment).toMatchObject(expectedIdentity(target, basename(file)));
        // The catalogue counts table rows of FITS files and rows with a time of text files.
        const timed = segment.timeDays.filter((time) => Number.isFinite(time)).length;
        expect(summary.format === 'fits' ? summary.points : timed).toBe(expected.n_points);
        expect(((summary.cadenceMinutes ?? NaN) * 60) / expected.cadence_seconds).toBeCloseTo(1, 2);
        expect(segment.exposureDays * 1440).toBeCloseTo(summary.cadenceMinutes ?? NaN, 1);
        usable += summary.usablePoints;
        first = Math.min(first, (summary.timeStartBjd ?? NaN) - segment.timeOffsetDays);
        last = Math.max(last, (summary.timeEndBjd ?? NaN) - segment.timeOffsetDays);
      }
      // It takes a point as usable when no bit at all is set; Kepler marks every cosmic ray it removed.
      expect(usable).toBeGreaterThanOrEqual(target.n_usable - 5);
      expect(usable).toBeLessThanOrEqual(
        target.n_usable * (target.mission === 'TESS' ? 1.003 : 1.11),
      );
      // The catalogue leaves out some points at the ends that lack flux.
      expect(Math.abs(first - target.t_start)).toBeLessThan(0.1);
      expect(Math.abs(last - target.t_end)).toBeLessThan(0.1);
    },
  );
});

/** What the catalogue knows; the one file whose name and content name no star keeps it unknown. */
function expectedIdentity(target: Target, file: string): object {
  if (file.startsWith('thor42')) {
    return { target: null, mission: 'unknown', timeSystem: 'JD-2450000' };
  }
  const id = /\b(KIC|EPIC|TIC) \d+/.exec(target.target)?.[0];
  const isTess = target.mission === 'TESS';
  return { target: id, mission: target.mission, timeSystem: isTess ? 'BTJD' : 'BKJD' };
}
