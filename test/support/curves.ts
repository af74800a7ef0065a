/** Light curves as files, made up: quiet, or with a planet. */
import { seeded } from './seeded.js';

export interface CurveOptions {
  readonly days?: number;
  readonly cadenceMinutes?: number;
  readonly periodDays?: number;
  readonly depthPpm?: number;
  readonly noisePpm?: number;
}

/** CSV with BTJD, flux and its error. The same options give the same bytes. */
export function aCurveCsv({
  days = 27,
  cadenceMinutes = 30,
  periodDays = 3.1,
  depthPpm = 0,
  noisePpm = 200,
}: CurveOptions = {}): Buffer {
  const lines = ['time,flux,flux_err'];
  const random = seeded(7);
  const durationDays = 0.12;
  const points = Math.round((days * 1440) / cadenceMinutes);
  for (let i = 0; i < points; i++) {
    const time = 2000 + (i * cadenceMinutes) / 1440;
    const phase = (((time - 2001) % periodDays) + periodDays) % periodDays;
    const inTransit = Math.min(phase, periodDays - phase) < durationDays / 2;
    const noise = (noisePpm / 1e6) * (random() + random() + random() - 1.5) * 2;
    const flux = 1 + noise - (inTransit ? depthPpm / 1e6 : 0);
    lines.push(`${time.toFixed(6)},${flux.toFixed(7)},${(noisePpm / 1e6).toFixed(7)}`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}
