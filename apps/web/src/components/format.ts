/** Numbers as a reader wants them: few digits, the unit beside them. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = count < 1 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), units.length - 1);
  const value = count / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}

export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** A probability that may be tiny: as a power of ten where it is. */
export const smallChance = (chance: number | null): string =>
  chance === null
    ? 'not asked'
    : chance < 1e-3
      ? `< 10^${Math.ceil(Math.log10(Math.max(chance, 1e-99)))}`
      : chance.toPrecision(2);

export const moment = (date: Date): string =>
  `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 16)} UTC`;

/** A single event has no period. */
export const period = (days: number | null): string =>
  days === null ? 'single event' : days.toFixed(days < 10 ? 5 : 4);

/** A value with its one-sigma error, at the digits that the error leaves meaningful. */
export function withError({
  value,
  error,
}: {
  value: number | null;
  error: number | null;
}): string {
  if (value === null) return 'unknown';
  if (error === null || !(error > 0)) return value.toPrecision(5);
  const decimals = Math.min(Math.max(1 - Math.floor(Math.log10(error)), 0), 8);
  return `${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
}
