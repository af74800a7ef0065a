/** Candidates as a table for spreadsheets and scripts: RFC 4180, one row each. Pure. */
import type { Candidate } from '#contracts';

type Column = readonly [name: string, value: (candidate: Candidate) => string | number | null];

const COLUMNS: readonly Column[] = [
  ['candidate_id', (c) => c.candidateId],
  ['target', (c) => c.target],
  ['rank', (c) => c.rank],
  ['period_days', (c) => c.periodDays],
  ['period_days_error', (c) => c.fit?.periodDays.error ?? null],
  ['t0_bjd', (c) => c.t0Bjd],
  ['t0_bjd_error', (c) => c.fit?.t0Bjd.error ?? null],
  ['depth_ppm', (c) => c.depthPpm],
  ['duration_hours', (c) => c.durationHours],
  ['snr', (c) => c.snr],
  ['sde', (c) => c.sde],
  ['false_alarm_probability', (c) => c.falseAlarmProbability],
  ['probability', (c) => c.probability],
  ['rl_action', (c) => c.rlAction],
  ['radius_ratio', (c) => c.fit?.radiusRatio.value ?? null],
  ['impact', (c) => c.fit?.impact.value ?? null],
  ['planet_radius_earth', (c) => c.fit?.planetRadiusEarth?.value ?? null],
  ['planet_radius_earth_error', (c) => c.fit?.planetRadiusEarth?.error ?? null],
  ['joint_fit', (c) => (c.fit ? String(c.fit.joint ?? false) : null)],
  ['full_duration_hours', (c) => c.fit?.fullDurationHours?.value ?? null],
  ['inclination_deg', (c) => c.fit?.inclinationDeg ?? null],
  ['semi_major_axis_au', (c) => c.fit?.semiMajorAxisAu?.value ?? null],
  ['semi_major_axis_au_error', (c) => c.fit?.semiMajorAxisAu?.error ?? null],
  ['insolation_earth', (c) => c.fit?.insolationEarth?.value ?? null],
  ['insolation_earth_error', (c) => c.fit?.insolationEarth?.error ?? null],
  ['equilibrium_temperature_k', (c) => c.fit?.equilibriumTemperatureK ?? null],
  ['equilibrium_temperature_k_error', (c) => c.fit?.equilibriumTemperatureErrorK ?? null],
  ['failed_tests', (c) => failedTests(c).join(' ')],
  ['reasons', (c) => c.reasons.join(' ')],
  ['review', (c) => c.reviews[0]?.decision ?? null],
  ['code_version', (c) => c.provenance.codeVersion],
];

export const csvHeader = () => csvLine(COLUMNS.map(([name]) => name));

export const csvRow = (candidate: Candidate) =>
  csvLine(COLUMNS.map(([, value]) => value(candidate)));

const failedTests = ({ flags }: Candidate) => Object.keys(flags).filter((test) => flags[test]);

const csvLine = (cells: readonly (string | number | null)[]) =>
  `${cells.map((cell) => (typeof cell === 'number' ? String(cell) : textCell(cell ?? ''))).join(',')}\r\n`;

/**
 * Target names come from uploaded files. A spreadsheet runs a text that begins like a formula, so
 * that gets an apostrophe (OWASP, CSV Injection).
 */
function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
