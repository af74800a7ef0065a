/**
 * The matched filter of ../src/filter.ts in AssemblyScript, operation by operation as in its plain twin
 * ../src/filter.reference.ts, in 64-bit floats: the same bits without the checks of array bounds.
 *
 * Memory is the caller's: all arrays are byte addresses. No allocation.
 */
export function filterMoments(
  timeDays: usize,
  dip: usize,
  weight: usize,
  points: i32,
  shape: usize,
  shapeSteps: i32,
  startDays: f64,
  durationDays: f64,
  stepDays: f64,
  moments: i32,
  numerator: usize,
  denominator: usize,
): void {
  const half = durationDays / 2;
  const perDay = <f64>shapeSteps / half;
  const end = (<usize>points) << 3;
  let first: usize = 0;
  for (let k = 0; k < moments; k++) {
    const middle = startDays + <f64>k * stepDays;
    const earliest = middle - half;
    while (first < end && load<f64>(timeDays + first) < earliest) first += 8;
    let above: f64 = 0;
    let below: f64 = 0;
    for (let i = first; i < end; i += 8) {
      const away = load<f64>(timeDays + i) - middle;
      if (away > half) break;
      const at = <usize>(<i32>(abs(away) * perDay));
      const height = load<f64>(shape + (at << 3));
      const weighted = load<f64>(weight + i) * height;
      above += weighted * load<f64>(dip + i);
      below += weighted * height;
    }
    store<f32>(numerator + ((<usize>k) << 2), <f32>above);
    store<f32>(denominator + ((<usize>k) << 2), <f32>below);
  }
}
