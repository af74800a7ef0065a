/** Writes a segment as CSV that reads back bit by bit: time, flux, flux_err and quality as far as known. */
import type { Segment, TimeSystem } from '../types.js';

const TIME_COLUMNS: Readonly<Record<TimeSystem, string>> = {
  BJD: 'time_bjd',
  BKJD: 'time_bkjd',
  BTJD: 'time_btjd',
  MJD: 'time_mjd',
  'JD-2450000': 'bjd-2450000',
  relative: 'time',
};

/** Missing values are empty cells; what is known of the target stands in comments above the table. */
export function writeCsv(segment: Segment): string {
  const { timeDays, flux, fluxError, flagged, timeSystem } = segment;
  const names = [TIME_COLUMNS[timeSystem], 'flux'];
  if (fluxError) names.push('flux_err');
  if (flagged) names.push('quality');
  const lines = [...comments(segment), names.join(',')];
  for (let i = 0; i < timeDays.length; i++) {
    let line = `${cell(timeDays[i])},${cell(flux[i])}`;
    if (fluxError) line += `,${cell(fluxError[i])}`;
    if (flagged) line += `,${flagged[i]}`;
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

function comments({ target, mission, label, exposureDays, star }: Segment): string[] {
  const season = /^([QCS])(\d+)$/.exec(label);
  const words = { Q: 'quarter', C: 'campaign', S: 'sector' };
  const facts: [string, string | number | undefined | null][] = [
    ['target', target?.replace(/[\r\n]+/g, ' ')],
    ['mission', mission === 'unknown' ? null : mission],
    [season ? words[season[1] as 'Q' | 'C' | 'S'] : '', season?.[2]],
    ['exposure_days', exposureDays > 0 ? exposureDays : null],
    ['teff', star.effectiveTemperatureK],
    ['teff_error', star.effectiveTemperatureErrorK],
    ['logg', star.logg],
    ['radius', star.radiusSun],
    ['radius_error', star.radiusErrorSun],
    ['feh', star.metallicity],
    ['ra', star.rightAscensionDeg],
    ['dec', star.declinationDeg],
    [mission === 'TESS' ? 'tessmag' : 'kepmag', star.magnitude],
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `# ${name}: ${value}`);
}

/** The shortest decimal that reads back as the same number. */
function cell(value: number): string {
  return Number.isFinite(value) ? String(value) : '';
}
