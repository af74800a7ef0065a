/** How far a time is from the nearest transit of an ephemeris, in days. */
export function phaseDistanceDays(timeDays: number, t0Days: number, periodDays: number): number {
  const cycles = (timeDays - t0Days) / periodDays;
  return Math.abs(cycles - Math.round(cycles)) * periodDays;
}
