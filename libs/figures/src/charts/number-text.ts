import { fixed } from './scale.js';

/** What stands where a number is not known. */
export const UNKNOWN = '–';

interface Measured {
  readonly value: number;
  readonly error: number;
}

/** Rounded to `digits` significant ones, without exponent between 1e-6 and 1e15. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -6 || magnitude > 14) {
    return value
      .toExponential(digits - 1)
      .replaceAll('-', '−')
      .replace('e+', 'e');
  }
  return fixed(value, Math.min(Math.max(digits - 1 - magnitude, 0), 12));
}

/** Decimals that show two significant digits of the error; `fallback` where there is none. */
export function decimalsOf(error: number, fallback: number): number {
  if (!(error > 0) || !Number.isFinite(error)) return fallback;
  return Math.min(Math.max(1 - Math.floor(Math.log10(error)), 0), 9);
}

/** "14.44912 ± 0.00020 d": the value as precise as its error, or `digits` significant ones. */
export function measured({ value, error }: Measured, unit: string, digits = 6): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (!(error > 0) || !Number.isFinite(error)) return `${significant(value, digits)}${suffix}`;
  const decimals = decimalsOf(error, 0);
  return `${fixed(value, decimals)} ± ${fixed(error, decimals)}${suffix}`;
}

/** "65 214": groups of three, from five digits on. */
export function counted(value: number): string {
  const text = String(Math.round(value));
  return text.length < 5 ? text : text.replace(/\B(?=(\d{3})+$)/g, ' ');
}
